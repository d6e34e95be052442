import { describe, expect, test } from 'vitest';
import { ago, day, hour, judge, neverUsedRule, present } from '../world.ts';

const rules = [neverUsedRule()];

describe('never-used', () => {
  test('passes a new key until the last moment of its grace', () => {
    const seen = present({ lastUsed: null, createdOn: ago(14 * day - 1) });
    expect(judge(rules, seen).verdict).toBe('pass');
  });

  test('fails a key when its grace is over', () => {
    const seen = present({ lastUsed: null, createdOn: ago(14 * day) });
    expect(judge(rules, seen).violations).toEqual([
      { rule: 'never-used', facts: { ageDays: 14, graceDays: 14 }, waiver: null },
    ]);
  });

  test('passes a key that was used once, however old', () => {
    const seen = present({ lastUsed: ago(900 * day), createdOn: ago(999 * day) });
    expect(judge(rules, seen).verdict).toBe('pass');
  });

  test('ignores the usage lag, because the key was never used', () => {
    const seen = present({ lastUsed: null, createdOn: ago(14 * day) });
    expect(judge(rules, seen, { usageLagMs: hour }).verdict).toBe('fail');
  });

  test('is unknown when createdOn is unreadable', () => {
    const judged = judge(rules, present({ lastUsed: null, createdOn: undefined }));
    expect(judged.verdict).toBe('unknown');
    expect(judged.unjudged).toEqual([
      {
        rule: 'never-used',
        reason: 'field-unreadable',
        fields: ['createdOn'],
        detail: 'createdOn',
      },
    ]);
  });

  test('is unknown when lastUsed is unreadable, which does not mean never used', () => {
    expect(judge(rules, present({ lastUsed: undefined })).verdict).toBe('unknown');
  });
});
