import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import type { History } from '../../src/evaluate/history/history.ts';
import { messageOf } from '../../src/evaluate/messages.ts';
import { compilePolicy } from '../../src/evaluate/policy/compile-policy.ts';
import type { PolicyRule } from '../../src/evaluate/policy/policy.ts';
import type { KeyDetails } from '../../src/keys/detail-fields.ts';
import {
  aKey,
  asOf,
  driftRule,
  dueOf,
  impossibleRule,
  missingRule,
  namingRule,
  neverUsedRule,
  overScopedRule,
  reawakenedRule,
  staleRule,
  tooOldRule,
  unauditedRule,
  unownedRule,
} from './world.ts';

const rules: readonly PolicyRule[] = [
  staleRule(),
  dueOf(staleRule()),
  neverUsedRule({ match: { type: ['a*b'] } }),
  dueOf(neverUsedRule()),
  tooOldRule(),
  dueOf(tooOldRule()),
  overScopedRule({ allow: ['*a*b*'], forbid: ['b*a'], match: { scope: ['*x*', 'a'] } }),
  driftRule(),
  reawakenedRule(),
  impossibleRule(),
  namingRule({ pattern: '*a*' }),
  unownedRule(),
  unauditedRule(),
  missingRule(),
];
const policy = compilePolicy({ version: 'p', rules, waivers: [] });

function judge(details: KeyDetails, history: History) {
  const judged = evaluate({
    observation: { kind: 'present', at: asOf, details },
    key: aKey({ approvedScopes: history.type === undefined ? null : ['a*', 'b'] }),
    policy,
    asOf,
    usageLagMs: 0,
    history,
  });
  for (const { rule, facts } of judged.violations) {
    const type = rules.find(({ id }) => id === rule)?.type ?? 'missing';
    const message = messageOf(type, facts);
    expect(message).not.toMatch(/undefined|NaN|Infinity|Invalid/);
    expect(message.length).toBeGreaterThan(10);
    expect(JSON.stringify(facts)).not.toContain('null');
  }
  return judged;
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '*',
    '\u0000',
    '\ud83d',
    '\udc00x',
    '__proto__',
    'constructor',
    '\u202eevil',
    '=1+1',
  ),
);
const instant = fc.oneof(
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(
    new Date(Number.NaN),
    new Date('0001-01-01T00:00:00Z'),
    new Date('9999-12-31T23:59:59.999Z'),
    new Date(8.64e15),
    new Date(-8.64e15),
    asOf,
  ),
);
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 5 });
const said = {
  lastUsed: optional(fc.option(instant)),
  createdOn: optional(instant),
  type: optional(text),
  lastFour: optional(text),
};
const details: fc.Arbitrary<KeyDetails> = fc.record({
  ...said,
  name: optional(text),
  scopes: optional(fc.array(text, { maxLength: 8 })),
});
const history: fc.Arbitrary<History> = fc.record({
  ...said,
  lastUsedAt: optional(instant),
  firstScopes: optional(fc.array(text, { maxLength: 8 })),
  knownAt: optional(instant),
  openEvents: fc.constant(new Map()),
  waived: fc.constant(new Map()),
});

describe('whatever a vendor answers', () => {
  test('every key gets a verdict, and every violation a complete sentence', () => {
    fc.assert(
      fc.property(details, history, (what, past) => void judge(what, past)),
      {
        numRuns: 2_000,
      },
    );
  });

  test('10,000 wildcard scopes and a name of a megabyte are judged in little time', () => {
    const scopes = Array.from({ length: 10_000 }, (_, at) => `*${at}*b*${'a'.repeat(at % 90)}`);
    const what: KeyDetails = {
      name: 'ab'.repeat(500_000),
      type: 'x'.repeat(1_000),
      scopes,
      createdOn: asOf,
      lastUsed: asOf,
      lastFour: '7dc0',
    };
    const past = { ...what, lastUsedAt: asOf, knownAt: asOf };
    const began = performance.now();
    const judged = judge(what, {
      ...past,
      type: undefined,
      firstScopes: scopes.map((scope) => `${scope}x`),
      openEvents: new Map(),
      waived: new Map(),
    });
    expect(judged.violations.map(({ rule }) => rule)).toContain('drift');
    expect(JSON.stringify(judged).length).toBeLessThan(100_000);
    // A seventh of a second where it was measured; lists compared crosswise would take many.
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
