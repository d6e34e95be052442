import { describe, expect, test } from 'vitest';
import { aKey, judge, present, unownedRule } from '../world.ts';

const rules = [unownedRule()];

describe('unowned', () => {
  test('passes a key with an owner', () => {
    expect(judge(rules, present()).verdict).toBe('pass');
  });

  test.each([null, '', '  ', '\u200b', ' \u2060\u3164 '])(
    'fails a key whose owner is %j',
    (owner) => {
      expect(judge(rules, present(), { key: aKey({ owner }) }).violations).toEqual([
        { rule: 'owner', facts: {}, waiver: null },
      ]);
    },
  );

  test.each(['Ω', '支払い', '🦊', '-'])('passes a key whose owner is %j', (owner) => {
    expect(judge(rules, present(), { key: aKey({ owner }) }).verdict).toBe('pass');
  });

  test('needs no field of the vendor', () => {
    const unreadable = present({ type: undefined, scopes: undefined, createdOn: undefined });
    expect(judge(rules, unreadable).verdict).toBe('pass');
  });
});
