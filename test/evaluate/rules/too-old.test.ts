import { describe, expect, test } from 'vitest';
import { ago, day, hour, judge, present, tooOldRule } from '../world.ts';

const rules = [tooOldRule()];

describe('too-old', () => {
  test('allows a key on its last permitted day (aws_compliance fails it at 90)', () => {
    expect(judge(rules, present({ createdOn: ago(90 * day) })).verdict).toBe('pass');
  });

  test('fails a key a millisecond later', () => {
    expect(judge(rules, present({ createdOn: ago(90 * day + 1) })).violations).toEqual([
      { rule: 'too-old', facts: { ageDays: 90, allowedDays: 90 }, waiver: null },
    ]);
  });

  test('counts a key created in the future as new', () => {
    expect(judge(rules, present({ createdOn: ago(-hour) })).verdict).toBe('pass');
  });

  test('judges distant years without an error', () => {
    const far = present({ createdOn: new Date('9999-12-31T23:59:59Z') });
    expect(judge(rules, far).verdict).toBe('pass');
    const early = present({ createdOn: new Date('0001-01-01T00:00:00Z') });
    expect(judge(rules, early).verdict).toBe('fail');
  });

  test('is unknown when createdOn is unreadable', () => {
    expect(judge(rules, present({ createdOn: undefined })).unjudged).toEqual([
      { rule: 'too-old', reason: 'field-unreadable', fields: ['createdOn'], detail: 'createdOn' },
    ]);
  });
});
