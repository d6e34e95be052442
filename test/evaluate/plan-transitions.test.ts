import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Judgement } from '../../src/evaluate/judgement.ts';
import {
  type KnownFinding,
  planTransitions,
  type Transition,
  type TransitionInput,
} from '../../src/evaluate/plan-transitions.ts';
import { aPolicy, missingRule, staleRule, tooOldRule } from './world.ts';

const policy = aPolicy(staleRule({ id: 'stale' }), tooOldRule({ id: 'old' }), missingRule());
const open = (rule: string): KnownFinding => ({ rule, state: 'open' });
const resolved = (rule: string): KnownFinding => ({ rule, state: 'resolved' });

function judged(broken: string[], unknownRules: (string | null)[] = []): Judgement {
  return {
    verdict: broken.length > 0 ? 'fail' : unknownRules.length > 0 ? 'unknown' : 'pass',
    violations: broken.map((rule) => ({ rule, facts: {}, waiver: null })),
    unjudged: unknownRules.map((rule) => ({ rule, reason: 'field-unreadable', detail: '' })),
    known: true,
    waiverChanges: [],
  };
}

function plan(difference: Partial<TransitionInput>): readonly Transition[] {
  return planTransitions({
    findings: [],
    observation: 'present',
    judgement: judged([]),
    policy,
    policyChanged: false,
    keyChanged: false,
    ...difference,
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

  test('reopens when a mended rule breaks again', () => {
    expect(plan({ findings: [resolved('stale')], judgement: judged(['stale']) })).toEqual([
      { rule: 'stale', kind: 'reopened' },
    ]);
  });

  test('resolves as fixed when the key is mended, and then stays quiet', () => {
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
  test('changes nothing when the key could not be fetched (prowler #1626 archives)', () => {
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

  test('resolves a rule that is gone: that is known without the key', () => {
    expect(plan({ findings: [open('gone-rule')], judgement: judged([], ['old']) })).toEqual([
      { rule: 'gone-rule', kind: 'resolved', resolution: 'policy-changed' },
    ]);
  });
});

describe('a changed policy', () => {
  test('resolves the findings of a rule that is gone', () => {
    expect(plan({ findings: [open('gone-rule')], policyChanged: true, keyChanged: true })).toEqual([
      { rule: 'gone-rule', kind: 'resolved', resolution: 'policy-changed' },
    ]);
  });

  test('is the reason when a rule was loosened and the key did not change', () => {
    expect(plan({ findings: [open('stale')], policyChanged: true })).toEqual([
      { rule: 'stale', kind: 'resolved', resolution: 'policy-changed' },
    ]);
  });

  test('is not the reason when the key changed too', () => {
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

  test('keeps its missing finding while nothing could be judged of it', () => {
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
          const planned = plan({
            findings,
            judgement,
            observation,
            policyChanged,
            keyChanged,
          });
          const touched = planned.map(({ rule }) => rule);
          expect(new Set(touched).size).toBe(touched.length);
          for (const rule of unknownRules) expect(touched).not.toContain(rule);
          if (observation === 'unknown') expect(planned).toEqual([]);
        },
      ),
    );
  });
});
