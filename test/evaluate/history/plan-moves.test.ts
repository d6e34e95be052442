import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Transition } from '../../../src/evaluate/history/transition.ts';
import type { Facts, Judgement } from '../../../src/evaluate/judgement.ts';
import type { Policy, PolicyRule } from '../../../src/evaluate/policy/policy.ts';
import { hashWaiver } from '../../../src/evaluate/waivers/compile-waivers.ts';
import { aWaiver } from '../waivers/a-waiver.ts';
import { aPolicy, asOf, missingRule, staleRule, tooOldRule } from '../world.ts';
import { movesIn, type SomeFinding, type Sweep } from './moves.ts';

const policy = aPolicy(staleRule({ id: 'stale' }), tooOldRule({ id: 'old' }), missingRule());
const open = (rule: string): SomeFinding => ({ rule, state: 'open' });
const resolved = (rule: string): SomeFinding => ({ rule, state: 'resolved' });

function judged(
  broken: string[],
  unknownRules: (string | null)[] = [],
  waiver: string | null = null,
): Judgement {
  return {
    verdict: broken.length > 0 ? 'fail' : unknownRules.length > 0 ? 'unknown' : 'pass',
    violations: broken.map((rule) => ({ rule, facts: {}, waiver })),
    unjudged: unknownRules.map((rule) => ({
      rule,
      reason: 'field-unreadable',
      fields: [],
      because: 'unreadable',
    })),
    known: true,
    waiverChanges: [],
  };
}

function planWhole(difference: Partial<Sweep>): readonly Transition[] {
  return movesIn({
    findings: [],
    observation: 'present',
    judgement: judged([]),
    policy,
    policyChanged: false,
    keyChanged: false,
    asOf,
    now: asOf,
    ...difference,
  });
}

/** The transitions without the state before and without waivers that there are none of. */
function plan(difference: Partial<Sweep>): readonly object[] {
  return planWhole(difference).map(({ was: _was, ...transition }) => {
    if (!('waiver' in transition) || transition.waiver !== null) return transition;
    const { waiver: _waiver, ...rest } = transition;
    return rest;
  });
}

describe('a finding', () => {
  test('opens when a rule is first broken', () => {
    expect(plan({ judgement: judged(['stale']) })).toEqual([{ rule: 'stale', kind: 'opened' }]);
  });

  test('is seen, not opened again, while the rule stays broken', () => {
    expect(plan({ findings: [open('stale')], judgement: judged(['stale']) })).toEqual([
      { rule: 'stale', kind: 'seen' },
    ]);
  });

  test('reopens when its rule is broken again', () => {
    expect(plan({ findings: [resolved('stale')], judgement: judged(['stale']) })).toEqual([
      { rule: 'stale', kind: 'reopened' },
    ]);
  });

  test('resolves as fixed when the key is fixed, and then does not change', () => {
    expect(plan({ findings: [open('stale')], keyChanged: true })).toEqual([
      { rule: 'stale', kind: 'resolved', resolution: 'fixed' },
    ]);
    expect(plan({ findings: [resolved('stale')] })).toEqual([]);
  });

  test('leaves the other findings of its key alone', () => {
    const findings = [open('stale'), open('old')];
    expect(plan({ findings, judgement: judged(['old']), keyChanged: true })).toEqual([
      { rule: 'old', kind: 'seen' },
      { rule: 'stale', kind: 'resolved', resolution: 'fixed' },
    ]);
  });
});

describe('an incomplete audit of a key', () => {
  test('changes nothing when the key could not be observed (prowler #1626 archives)', () => {
    const findings = [open('stale'), open('rule-that-is-gone'), resolved('old')];
    const judgement = judged([], [null]);
    expect(plan({ findings, observation: 'unknown', judgement })).toEqual([]);
  });

  test('resolves nothing while one rule is unknown, and still opens what is broken', () => {
    const findings = [open('stale')];
    expect(plan({ findings, judgement: judged(['old'], ['stale']) })).toEqual([
      { rule: 'old', kind: 'opened' },
    ]);
    expect(plan({ findings, judgement: judged([], ['old']), keyChanged: true })).toEqual([]);
  });

  test('resolves the finding of a rule that was removed, because that is known without the key', () => {
    expect(plan({ findings: [open('gone-rule')], judgement: judged([], ['old']) })).toEqual([
      { rule: 'gone-rule', kind: 'resolved', resolution: 'policy-changed' },
    ]);
  });
});

describe('a changed policy', () => {
  test('resolves the findings of a rule that was removed', () => {
    expect(plan({ findings: [open('gone-rule')], policyChanged: true, keyChanged: true })).toEqual([
      { rule: 'gone-rule', kind: 'resolved', resolution: 'policy-changed' },
    ]);
  });

  test('is the resolution when a rule was loosened and the key did not change', () => {
    expect(plan({ findings: [open('stale')], policyChanged: true })).toEqual([
      { rule: 'stale', kind: 'resolved', resolution: 'policy-changed' },
    ]);
  });

  test('is not the resolution when the key changed too', () => {
    expect(plan({ findings: [open('stale')], policyChanged: true, keyChanged: true })).toEqual([
      { rule: 'stale', kind: 'resolved', resolution: 'fixed' },
    ]);
  });
});

describe('a missing key', () => {
  const gone = { observation: 'missing' } as const;

  test('ends its other findings as missing (a deleted resource stays open: prowler #2843)', () => {
    const findings = [open('stale'), open('old')];
    expect(plan({ ...gone, findings, judgement: judged(['gone']) })).toEqual([
      { rule: 'gone', kind: 'opened' },
      { rule: 'stale', kind: 'resolved', resolution: 'missing' },
      { rule: 'old', kind: 'resolved', resolution: 'missing' },
    ]);
  });

  test('keeps its missing finding while the key is unknown', () => {
    const judgement = judged([], [null]);
    expect(plan({ ...gone, findings: [open('gone'), open('old')], judgement })).toEqual([
      { rule: 'old', kind: 'resolved', resolution: 'missing' },
    ]);
  });

  test('that comes back resolves its missing finding and reopens what is broken', () => {
    const findings = [open('gone'), resolved('stale')];
    expect(plan({ findings, judgement: judged(['stale']), keyChanged: true })).toEqual([
      { rule: 'stale', kind: 'reopened' },
      { rule: 'gone', kind: 'resolved', resolution: 'fixed' },
    ]);
  });
});

describe('a waiver', () => {
  const W1 = aWaiver({ id: 'W-1', rule: 'stale' });
  const under: Policy = { ...policy, waivers: [W1] };
  const covered = (rule: string): SomeFinding => ({
    ...{ rule, state: 'waived' },
    waiver: { id: 'W-1', hash: hashWaiver(W1), reason: W1.reason, until: W1.expires },
  });
  const waived = judged(['stale'], [], 'W-1');

  test.each([
    ['a new finding', [], null],
    ['an open one', [open('stale')], 'open'],
    ['a resolved one', [resolved('stale')], 'resolved'],
  ])('waives %s, and gives its state before', (_what, findings, was) => {
    expect(planWhole({ policy: under, findings, judgement: waived })).toEqual([
      { rule: 'stale', was, kind: 'waived', waiver: 'W-1' },
    ]);
  });

  test('sees a waived finding again without a new event', () => {
    expect(planWhole({ policy: under, findings: [covered('stale')], judgement: waived })).toEqual([
      { rule: 'stale', was: 'waived', kind: 'seen', waiver: 'W-1' },
    ]);
  });

  test('does not keep a waived finding from ending', () => {
    const ended = { policy: under, findings: [covered('stale')], keyChanged: true };
    expect(planWhole(ended)).toEqual([
      { rule: 'stale', was: 'waived', kind: 'resolved', resolution: 'fixed' },
    ]);
  });

  const lapses = (difference: Partial<Sweep>) =>
    planWhole({
      policy: under,
      findings: [covered('stale')],
      judgement: judged(['stale']),
      ...difference,
    });

  test('lapses at the instant it ends, with the reason of the waiver', () => {
    expect(lapses({ asOf: W1.expires })).toEqual([
      {
        rule: 'stale',
        was: 'waived',
        kind: 'lapsed',
        waiver: { id: 'W-1', hash: hashWaiver(W1), reason: W1.reason, until: W1.expires },
        cause: 'expired',
      },
    ]);
    const before = new Date(W1.expires.getTime() - 1);
    expect(lapses({ asOf: before })).toMatchObject([{ cause: 'no-longer-applies' }]);
  });

  test('lapses because the key changed, or because the policy no longer has it', () => {
    const change = { waiver: 'W-1', hash: hashWaiver(W1), digest: 'd', void: true };
    const judgement = { ...judged(['stale']), waiverChanges: [change] };
    expect(lapses({ judgement })).toMatchObject([{ cause: 'key-changed' }]);
    const renewed = { ...W1, reason: 'another job' };
    expect(lapses({ policy: { ...policy, waivers: [renewed] } })).toMatchObject([
      { cause: 'withdrawn' },
    ]);
  });

  test('that has ended since the sweep was opened does not waive an open finding again', () => {
    const late = { policy: under, judgement: waived, now: W1.expires };
    expect(planWhole({ ...late, findings: [open('stale')] })).toMatchObject([{ kind: 'seen' }]);
    const intime = { ...late, now: new Date(W1.expires.getTime() - 1) };
    expect(planWhole({ ...intime, findings: [open('stale')] })).toMatchObject([{ kind: 'waived' }]);
  });
});

describe('an event', () => {
  const woken: PolicyRule = {
    ...{ id: 'woke', type: 'reawakened', severity: 'high', controls: [], dormant: 1 },
  };
  const facts = {
    ...{ idleDays: 90, dormantDays: 60 },
    previousLastUsed: '2026-08-20T00:00:00.000Z',
    lastUsed: '2026-11-20T00:00:00.000Z',
  };
  const seen = (again: Facts): Judgement => ({
    ...judged([]),
    violations: [{ rule: 'woke', facts: again, waiver: null }],
  });
  const acknowledged: SomeFinding = {
    ...resolved('woke'),
    resolution: 'acknowledged',
    facts,
  };
  const input = { policy: aPolicy(woken), findings: [acknowledged] };

  test('that was acknowledged is not reopened by a sweep that saw the same event', () => {
    const later = { ...facts, lastUsed: '2026-11-22T00:00:00.000Z', dormantDays: 30 };
    expect(plan({ ...input, judgement: seen(later) })).toEqual([]);
  });

  test('stays open though its key is gone, until somebody acknowledges it', () => {
    const findings = [{ ...open('woke'), type: 'reawakened', facts }, open('stale')];
    const both = { ...policy, rules: [...policy.rules, woken] };
    const gone = { policy: both, observation: 'missing' as const, judgement: judged(['gone']) };
    expect(plan({ ...gone, findings })).toEqual([
      { rule: 'gone', kind: 'opened' },
      { rule: 'stale', kind: 'resolved', resolution: 'missing' },
    ]);
    expect(plan({ ...gone, findings, policy })).toContainEqual({
      ...{ rule: 'woke', kind: 'resolved', resolution: 'policy-changed' },
    });
  });

  test('reopens the finding when it is a different event', () => {
    const other = { ...facts, previousLastUsed: '2026-08-21T00:00:00.000Z' };
    expect(plan({ ...input, judgement: seen(other) })).toEqual([
      { rule: 'woke', kind: 'reopened' },
    ]);
  });
});

describe('an early warning', () => {
  const due: PolicyRule = {
    ...staleRule({ id: 'stale.due', severity: 'info' }),
    due: true,
  } as PolicyRule;
  const both = aPolicy(staleRule({ id: 'stale' }), due);

  test('ends as overdue, not as fixed, when its limit is reached', () => {
    const input = { policy: both, findings: [open('stale.due')], judgement: judged(['stale']) };
    expect(plan(input)).toEqual([
      { rule: 'stale', kind: 'opened' },
      { rule: 'stale.due', kind: 'resolved', resolution: 'overdue' },
    ]);
    expect(plan({ ...input, judgement: judged([]), keyChanged: true })).toEqual([
      { rule: 'stale.due', kind: 'resolved', resolution: 'fixed' },
    ]);
  });

  test('is distinguished from another rule whose id ends in .due', () => {
    const named = aPolicy(staleRule({ id: 'stale' }), tooOldRule({ id: 'stale.due' }));
    const input = { policy: named, findings: [open('stale.due')], judgement: judged(['stale']) };
    expect(plan({ ...input, keyChanged: true })).toMatchObject([
      { kind: 'opened' },
      { resolution: 'fixed' },
    ]);
  });
});

test('a key that could not be observed opens what is broken, and resolves nothing', () => {
  const input = { observation: 'unknown' as const, judgement: judged(['stale'], [null]) };
  expect(plan({ ...input, findings: [open('old')] })).toEqual([{ rule: 'stale', kind: 'opened' }]);
});

describe('whatever happened', () => {
  const ruleIds = fc.uniqueArray(fc.constantFrom('stale', 'old', 'gone', 'dropped'));

  test('each finding changes at most once, and an unknown rule never resolves', () => {
    fc.assert(
      fc.property(
        ruleIds,
        ruleIds,
        fc.subarray(['stale', 'old', 'gone']),
        fc.subarray(['stale', 'old', 'gone']),
        fc.constantFrom('present' as const, 'unknown' as const),
        fc.boolean(),
        fc.boolean(),
        (opened, ended, brokenRules, unknownRules, observation, policyChanged, keyChanged) => {
          const broken = brokenRules.filter((rule) => !unknownRules.includes(rule));
          const findings = [
            ...opened.map(open),
            ...ended.filter((rule) => !opened.includes(rule)).map(resolved),
          ];
          const judgement = judged(broken, unknownRules);
          const planned = planWhole({
            findings,
            judgement,
            observation,
            policyChanged,
            keyChanged,
          });
          const touched = planned.map(({ rule }) => rule);
          expect(new Set(touched).size).toBe(touched.length);
          for (const rule of unknownRules) expect(touched).not.toContain(rule);
          if (observation === 'unknown') {
            expect(planned.filter(({ kind }) => kind === 'resolved')).toEqual([]);
          }
        },
      ),
    );
  });
});
