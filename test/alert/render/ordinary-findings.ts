import type { AlertFinding } from '../../../src/alert/message.ts';
import type { Severity } from '../../../src/evaluate/policy/policy.ts';
import { aFinding } from '../a-finding.ts';

const kinds: readonly (readonly [string, Severity, string])[] = [
  ['stale-45', 'high', 'not used for 61 days; the limit is 45 days'],
  ['never-used', 'medium', 'never used since it was created 30 days ago; the grace is 14 days'],
  ['too-old', 'medium', '120 days old; at most 90 days is allowed'],
  ['scopes', 'critical', 'forbidden: charges:write, customers:write'],
  ['owner', 'low', 'nobody is named as its owner in the inventory'],
];

/** So many findings as a night brings them: of several rules, names and ids of usual length. */
export function ordinaryFindings(count: number): readonly AlertFinding[] {
  return Array.from({ length: count }, (_, n) => {
    const [rule, severity, message] = kinds[n % kinds.length] as (typeof kinds)[number];
    const keyId = `key_${String(n).padStart(8, 'a1b2c3d4')}`;
    const keyName = `checkout-${n}`;
    return aFinding({ fingerprint: `f-${n}`, rule, severity, message, keyId, keyName });
  });
}
