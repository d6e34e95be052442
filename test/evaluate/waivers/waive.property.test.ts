import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PolicyRule } from '../../../src/evaluate/policy/policy.ts';
import type { Waiver } from '../../../src/evaluate/waivers/waiver.ts';
import type { Observation } from '../../../src/keys/observation.ts';
import {
  ago,
  aKey,
  asOf,
  day,
  details,
  judgeWhole,
  missingRule,
  overScopedRule,
  staleRule,
  tooOldRule,
  unownedRule,
} from '../world.ts';
import { aBroadWaiver, aWaiver, keep, waivedBefore } from './a-waiver.ts';

const rules: PolicyRule[] = [
  staleRule(),
  tooOldRule(),
  overScopedRule({ forbid: ['*:write'] }),
  missingRule(),
  unownedRule({ match: { type: ['secret'] } }),
  { id: 'dark', type: 'unaudited', after: day, severity: 'high', controls: [] },
];

const unreadable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 4 });
const scopes = fc.array(fc.constantFrom('a:read', 'a:write', 'b:*'), { maxLength: 3 });
const type = fc.constantFrom('secret', 'public');
const instant = fc.integer({ min: 0, max: 120 }).map((days) => ago(days * day));

const seen: fc.Arbitrary<Observation> = fc.oneof(
  { arbitrary: fc.constant<Observation>({ kind: 'missing', at: asOf }), weight: 1 },
  {
    arbitrary: fc.constant<Observation>({
      kind: 'unknown',
      at: asOf,
      reason: 'timeout',
      detail: '',
    }),
    weight: 1,
  },
  {
    arbitrary: fc
      .record({
        type: unreadable(type),
        scopes: unreadable(scopes),
        createdOn: unreadable(instant),
        lastUsed: unreadable(instant),
      })
      .map((what): Observation => ({ kind: 'present', at: asOf, details: details(what) })),
    weight: 6,
  },
);
const key = fc.option(fc.constant('payments')).map((owner) => aKey({ owner }));

const waiver: fc.Arbitrary<Waiver> = fc
  .record({
    rule: fc.constantFrom(...rules.map(({ id }) => id)),
    match: fc.constantFrom<Waiver['match'][]>(
      undefined,
      { source: ['*'] },
      { type: ['secret'] },
      { scope: ['a:*'] },
      { owner: ['*'] },
    ),
    expires: fc.integer({ min: -2, max: 2 }).map((days) => new Date(asOf.getTime() + days * day)),
  })
  .map(({ rule, match, expires }) =>
    match === undefined ? aWaiver({ rule, expires }) : aBroadWaiver(match, { rule, expires }),
  );
const waivers = fc
  .array(waiver, { maxLength: 5 })
  .map((list) => list.map((one, at) => ({ ...one, id: `W-${at}` })));

/** What may be known of the waivers from before: nothing, or that they covered another key or this. */
const known = fc.tuple(fc.nat(), type, scopes, fc.boolean());
const world = fc.tuple(waivers, seen, key, fc.option(known), fc.integer({ min: 0, max: 3 }));

function judgeWith(
  list: readonly Waiver[],
  [all, what, of, before, darkDays]: typeof world extends fc.Arbitrary<infer T> ? T : never,
) {
  const [at = 0, was = '', had = [], isVoid = false] = before ?? [];
  const covered = before === null ? undefined : all[at % Math.max(1, all.length)];
  const waived = covered === undefined ? new Map() : waivedBefore(covered, was, had, isVoid).waived;
  return judgeWhole(rules, what, {
    waivers: list,
    key: of,
    history: { waived, knownAt: ago(darkDays * day) },
  });
}

test('waivers remove no violation and no unknown, and turn nothing into pass', () => {
  fc.assert(
    fc.property(world, (given) => {
      const without = judgeWith([], given);
      const under = judgeWith(given[0], given);
      const named = new Map(under.violations.map((one) => [one.rule, one.facts]));
      for (const { rule, facts } of without.violations) expect(named.get(rule)).toEqual(facts);
      expect(under.unjudged).toEqual(expect.arrayContaining([...without.unjudged]));
      if (without.verdict === 'pass') expect(under.verdict).toBe('pass');
      else expect(under.verdict).not.toBe('pass');
      if (without.unjudged.length > 0) expect(['fail', 'unknown']).toContain(under.verdict);
    }),
    { numRuns: 2_000 },
  );
});

test('one more waiver adds no open violation, except an unaudited one', () => {
  fc.assert(
    fc.property(world, waiver, (given, more) => {
      const before = judgeWith(given[0], given);
      const after = judgeWith([...given[0], { ...more, id: 'W-more' }], given);
      const open = (judgement: typeof before) =>
        judgement.violations.filter((one) => one.waiver === null).map(({ rule }) => rule);
      for (const rule of open(after)) expect([...open(before), 'dark']).toContain(rule);
    }),
    { numRuns: 2_000 },
  );
});

test('the order of waivers changes nothing', () => {
  fc.assert(
    fc.property(world, (given) => {
      const forward = judgeWith(given[0], given);
      expect(judgeWith([...given[0]].reverse(), given)).toEqual(forward);
    }),
  );
});

test('a void waiver never covers again, and is never changed again', () => {
  fc.assert(
    fc.property(waivers, fc.array(seen, { minLength: 1, maxLength: 6 }), (list, nights) => {
      let waived: ReturnType<typeof keep> = new Map();
      const ended = new Set<string | null>();
      for (const night of nights) {
        const judged = judgeWhole(rules, night, { waivers: list, history: { waived } });
        const told = judged.waiverChanges.map((change) => change.waiver);
        const voided = judged.waiverChanges.filter((change) => change.void);
        expect(told.filter((id) => ended.has(id))).toEqual([]);
        for (const change of voided) ended.add(change.waiver);
        expect(judged.violations.filter((found) => ended.has(found.waiver))).toEqual([]);
        waived = keep(waived, judged.waiverChanges);
      }
    }),
    { numRuns: 1_000 },
  );
});
