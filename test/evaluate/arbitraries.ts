import fc from 'fast-check';
import type { History } from '../../src/evaluate/history/history.ts';
import type { Match } from '../../src/evaluate/policy/match-schema.ts';
import type { PolicyRule } from '../../src/evaluate/policy/policy.ts';
import { readScopes } from '../../src/evaluate/scope.ts';
import { hashWaiver } from '../../src/evaluate/waivers/compile-waivers.ts';
import { digestKey } from '../../src/evaluate/waivers/digest-key.ts';
import type { Waiver } from '../../src/evaluate/waivers/waiver.ts';
import type { KeyDetails } from '../../src/keys/detail-fields.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';
import {
  ago,
  asOf,
  day,
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

/** Few values, so that what is said twice is often the same and often not. */
const scope = fc.constantFrom('a:read', 'a:write', 'A:Write ', 'b:read', 'b:*', '*', '', '\ud83d');
const instant = fc.integer({ min: -2, max: 120 }).map((days) => ago(days * day));
const type = fc.constantFrom('secret', 'public', 'other');
const lastFour = fc.constantFrom('7dc0', '0000');
const name = fc.constantFrom('prod-checkout', 'Checkout', '');
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 4 });

export const details: fc.Arbitrary<KeyDetails> = fc.record({
  name: optional(name),
  type: optional(type),
  scopes: optional(fc.array(scope, { maxLength: 5 })),
  createdOn: optional(instant),
  lastUsed: optional(fc.option(instant, { nil: null, freq: 2 })),
  lastFour: optional(lastFour),
});
export const detailFields = [
  'name',
  'type',
  'scopes',
  'createdOn',
  'lastUsed',
  'lastFour',
] as const satisfies (keyof KeyDetails)[];

export const key: fc.Arbitrary<TrackedKey> = fc.record({
  source: fc.constantFrom('prod', 'staging'),
  keyId: fc.constantFrom('key_1', 'key_2'),
  owner: fc.option(fc.constantFrom('payments', 'risk')),
  environment: fc.option(fc.constant('production')),
  approvedScopes: fc.option(fc.array(scope, { maxLength: 3 })),
  tags: fc.array(fc.constantFrom('pci', 'batch'), { maxLength: 2 }),
});

const someMatch: fc.Arbitrary<Match> = fc.record(
  {
    source: fc.constant(['prod']),
    type: fc.constantFrom(['secret'], ['public', 'other'], ['*']),
    owner: fc.constantFrom(['payments'], ['*']),
    tags: fc.constant(['pci']),
    scope: fc.constantFrom(['a:*'], ['*:write']),
  },
  { requiredKeys: [] },
);
const match = fc.option(someMatch, { nil: undefined });
const scopeList = fc.option(fc.array(scope, { maxLength: 3 }), { nil: undefined });

function expressionRule(difference: object): PolicyRule {
  const shared = { severity: 'high', controls: [], type: 'expression', message: 'as it says' };
  return { ...shared, ...difference } as unknown as PolicyRule;
}

const rule: fc.Arbitrary<PolicyRule> = match.chain((shared) =>
  fc.oneof(
    fc.constantFrom(
      staleRule({ match: shared }),
      neverUsedRule({ match: shared }),
      tooOldRule({ match: shared }),
      missingRule({ match: shared }),
      unownedRule({ match: shared }),
      namingRule({ match: shared }),
      driftRule({ match: shared }),
      reawakenedRule({ match: shared }),
      impossibleRule({ match: shared }),
      unauditedRule({ match: shared }),
      expressionRule({ match: shared, when: 'key.type == "secret" && key.idleDays > 30' }),
      expressionRule({ match: shared, when: '!key.scopes.exists(s, s == "a:read")' }),
    ),
    fc
      .record({ allow: scopeList, forbid: scopeList })
      .map((lists) => overScopedRule({ ...lists, match: shared })),
  ),
);

/** Half of those that may warn have a `.due` beside them, as a policy's `warnBefore` makes them. */
export const rules: fc.Arbitrary<readonly PolicyRule[]> = fc
  .array(fc.tuple(rule, fc.boolean()), { minLength: 1, maxLength: 7 })
  .map((list) =>
    list.flatMap(([one, warns], at) => {
      const named = { ...one, id: `rule-${at}` };
      const may = ['stale', 'never-used', 'too-old'].includes(one.type);
      return may && warns ? [named, dueOf(named)] : [named];
    }),
  );
const ruleId = fc.constantFrom('rule-0', 'rule-1', 'rule-2', 'rule-3', 'rule-0.due');

const waiver = fc
  .record({
    rule: ruleId,
    reason: fc.constantFrom('seasonal', 'migration'),
    days: fc.integer({ min: -1, max: 2 }),
    match: fc.option(someMatch, { nil: undefined }),
  })
  .map(({ days, ...rest }) => ({
    ...rest,
    ...(rest.match === undefined ? { keys: [{ source: 'prod', keyId: 'key_1' }] } : {}),
    requestedBy: 'ann',
    approvedBy: ['bob', 'cid'],
    expires: new Date(asOf.getTime() + days * day),
  }));
export const waivers: fc.Arbitrary<readonly Waiver[]> = fc
  .array(waiver, { maxLength: 4 })
  .map((list) => list.map((one, at) => ({ ...one, id: `W-${at}` })));

const facts = fc.constantFrom(
  { now: [], past: ['type changed from "a" to "b"'] },
  { idleDays: 70, dormantDays: 60, previousLastUsed: 'before', lastUsed: 'then' },
);
const digest = fc
  .record({ type, scopes: fc.array(scope, { maxLength: 2 }) })
  .map(({ type: kind, scopes }) => digestKey({ type: kind, scopes: readScopes(scopes) }) ?? '');

/** A past that may be another than the one a key has. */
export function history(of: readonly Waiver[]): fc.Arbitrary<History> {
  return fc.record({
    lastUsed: optional(fc.option(instant, { nil: null, freq: 2 })),
    lastUsedAt: optional(instant),
    createdOn: optional(instant),
    type: optional(type),
    lastFour: optional(lastFour),
    firstScopes: optional(fc.array(scope, { maxLength: 4 })),
    knownAt: optional(instant),
    openEvents: fc.array(fc.tuple(ruleId, facts), { maxLength: 2 }).map((list) => new Map(list)),
    waived: fc
      .array(fc.tuple(fc.nat(), fc.record({ digest, void: fc.boolean() })), { maxLength: 3 })
      .map((list) => {
        const hashes = of.map(hashWaiver);
        const known = list.flatMap(([at, before]) => {
          const hash = hashes[at % Math.max(1, hashes.length)];
          return hash === undefined ? [] : [[hash, before] as const];
        });
        return new Map(known);
      }),
  });
}

/** A key, what is said of it, what is known of it, and what it is judged by. */
export const scenario = fc
  .record({ rules, key, details, waivers })
  .chain((rest) => history(rest.waivers).map((past) => ({ ...rest, history: past })));
export type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;
