import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/evaluate/compile-policy.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { noHistory } from '../../src/evaluate/history.ts';
import type { Judgement } from '../../src/evaluate/judgement.ts';
import type { Rule } from '../../src/evaluate/policy.ts';
import type { KeyDetails, Observation } from '../../src/keys/observation.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';
import {
  ago,
  asOf,
  day,
  missingRule,
  neverUsedRule,
  overScopedRule,
  staleRule,
  tooOldRule,
  unownedRule,
} from './world.ts';

const scope = fc.constantFrom('a:read', 'a:write', 'A:Write ', 'b:read', 'b:*', '*', '');
const instant = fc.integer({ min: -2, max: 120 }).map((days) => ago(days * day));
const unreadable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined, freq: 4 });

const details: fc.Arbitrary<KeyDetails> = fc.record({
  name: fc.string(),
  type: unreadable(fc.constantFrom('secret', 'public', 'other')),
  scopes: unreadable(fc.array(scope, { maxLength: 5 })),
  createdOn: unreadable(instant),
  lastUsed: unreadable(fc.option(instant, { nil: null, freq: 2 })),
  lastFour: unreadable(fc.string({ maxLength: 4 })),
});

const key: fc.Arbitrary<TrackedKey> = fc.record({
  source: fc.constantFrom('prod', 'staging'),
  keyId: fc.string({ minLength: 1 }),
  owner: fc.option(fc.constantFrom('payments', 'risk')),
  environment: fc.option(fc.constant('production')),
  approvedScopes: fc.option(fc.array(scope, { maxLength: 3 })),
  tags: fc.array(fc.constantFrom('pci', 'batch'), { maxLength: 2 }),
});

const match = fc.option(
  fc.record(
    {
      source: fc.constant(['prod']),
      type: fc.constantFrom(['secret'], ['public', 'other'], ['*']),
      owner: fc.constantFrom(['payments'], ['*']),
      tags: fc.constant(['pci']),
      scope: fc.constantFrom(['a:*'], ['*:write']),
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
);
const scopeList = fc.option(fc.array(scope, { maxLength: 3 }), { nil: undefined });

const rule: fc.Arbitrary<Rule> = match.chain((shared) =>
  fc.oneof(
    fc.constantFrom(
      staleRule({ match: shared }),
      neverUsedRule({ match: shared }),
      tooOldRule({ match: shared }),
      missingRule({ match: shared }),
      unownedRule({ match: shared }),
    ),
    fc
      .record({ allow: scopeList, forbid: scopeList })
      .map((lists) => overScopedRule({ ...lists, match: shared })),
  ),
);
const rules = fc
  .array(rule, { minLength: 1, maxLength: 6 })
  .map((list) => list.map((one, at) => ({ ...one, id: `rule-${at}` })));

function judgeUnder(list: readonly Rule[], of: TrackedKey, seen: Observation): Judgement {
  const policy = compilePolicy({ version: 'p', rules: list, waivers: [] });
  return evaluate({ observation: seen, key: of, policy, asOf, usageLagMs: 0, history: noHistory });
}

function seen(what: KeyDetails): Observation {
  return { kind: 'present', at: asOf, details: what };
}

function sorted(judgement: Judgement): Judgement {
  const byRule = (a: { rule: string | null }, b: { rule: string | null }) =>
    String(a.rule).localeCompare(String(b.rule));
  return {
    ...judgement,
    violations: [...judgement.violations].sort(byRule),
    unjudged: [...judgement.unjudged].sort(byRule),
  };
}

function hide(what: KeyDetails, fields: readonly (keyof KeyDetails)[]): KeyDetails {
  return { ...what, ...Object.fromEntries(fields.map((field) => [field, undefined])) };
}

const readable = ['type', 'scopes', 'createdOn', 'lastUsed'] as const;

describe('whatever the input', () => {
  test('the order of rules changes nothing', () => {
    fc.assert(
      fc.property(rules, key, details, fc.integer(), (list, of, what, turn) => {
        const at = Math.abs(turn) % list.length;
        const turned = [...list.slice(at), ...list.slice(0, at)].reverse();
        const forward = sorted(judgeUnder(list, of, seen(what)));
        expect(sorted(judgeUnder(turned, of, seen(what)))).toEqual(forward);
      }),
    );
  });

  test('the order of scopes, tags and approved scopes changes nothing', () => {
    fc.assert(
      fc.property(rules, key, details, (list, of, what) => {
        const turned = {
          ...of,
          tags: [...of.tags].reverse(),
          approvedScopes: of.approvedScopes === null ? null : [...of.approvedScopes].reverse(),
        };
        const scopes = what.scopes === undefined ? undefined : [...what.scopes].reverse();
        expect(judgeUnder(list, turned, seen({ ...what, scopes }))).toEqual(
          judgeUnder(list, of, seen(what)),
        );
      }),
    );
  });

  test('hiding a field never mends a key: no rule goes from broken or unknown to pass', () => {
    fc.assert(
      fc.property(rules, key, details, fc.subarray([...readable]), (list, of, what, hidden) => {
        const full = judgeUnder(list, of, seen(what));
        const less = judgeUnder(list, of, seen(hide(what, hidden)));
        const raised = new Set([...less.violations, ...less.unjudged].map((found) => found.rule));
        for (const found of [...full.violations, ...full.unjudged]) {
          expect(raised).toContain(found.rule);
        }
        if (full.verdict !== 'pass') expect(less.verdict).not.toBe('pass');
      }),
      { numRuns: 2_000 },
    );
  });

  test('what is said of a key with hidden fields holds whatever they were', () => {
    fc.assert(
      fc.property(rules, key, details, fc.subarray([...readable]), (list, of, what, hidden) => {
        const full = judgeUnder(list, of, seen(what));
        const less = judgeUnder(list, of, seen(hide(what, hidden)));
        const broken = new Set(full.violations.map(({ rule: id }) => id));
        const open = new Set(full.unjudged.map(({ rule: id }) => id));
        for (const { rule: id } of less.violations) {
          expect(broken.has(id) || open.has(id)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a key that could not be fetched is unknown, and a missing one never passes', () => {
    fc.assert(
      fc.property(rules, key, (list, of) => {
        const failed: Observation = { kind: 'unknown', at: asOf, reason: 'timeout', detail: '' };
        expect(judgeUnder(list, of, failed).verdict).toBe('unknown');
        const gone = judgeUnder(list, of, { kind: 'missing', at: asOf });
        expect(gone.verdict).not.toBe('pass');
      }),
    );
  });
});
