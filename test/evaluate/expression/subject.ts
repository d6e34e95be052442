import { noHistory } from '../../../src/evaluate/history/history.ts';
import type { Subject } from '../../../src/evaluate/rule.ts';
import { readScopes } from '../../../src/evaluate/scope.ts';
import { ago, asOf, day, hour } from '../world.ts';

/** The ordinary key of `world.ts`, as the rules see it. */
export function aSubject(difference: Partial<Subject> = {}): Subject {
  return {
    source: 'prod',
    keyId: 'key_abc123',
    environment: 'production',
    owner: 'payments',
    tags: [],
    name: 'Checkout',
    type: 'secret',
    scopes: readScopes(['customers:read']),
    approvedScopes: null,
    lastFour: '7dc0',
    exists: true,
    createdOn: ago(20 * day).getTime(),
    lastUsed: ago(hour).getTime(),
    observedAt: asOf.getTime(),
    asOf: asOf.getTime(),
    usageLagMs: 0,
    neverUsed: [],
    history: noHistory,
    ...difference,
  };
}

/** So many different scopes. */
export function manyScopes(count: number, length = 1): Subject['scopes'] {
  return readScopes(Array.from({ length: count }, (_, at) => `${'s'.repeat(length)}${at}`));
}
