import { describe, expect, test } from 'vitest';
import { aKey, judge, missing, missingRule, present, staleRule, unownedRule } from '../world.ts';

describe('missing', () => {
  test('passes a key that the vendor knows', () => {
    expect(judge([missingRule()], present()).verdict).toBe('pass');
  });

  test('fails a key that the vendor does not know, and judges no other rule', () => {
    const rules = [staleRule(), unownedRule(), missingRule()];
    expect(judge(rules, missing, { key: aKey({ owner: null }) })).toEqual({
      verdict: 'fail',
      violations: [{ rule: 'gone', facts: {}, waiver: null }],
      unjudged: [],
    });
  });

  test('leaves a key unknown if no missing rule applies, because nothing was judged', () => {
    const rules = [staleRule(), missingRule({ match: { environment: ['staging'] } })];
    expect(judge(rules, missing)).toEqual({
      verdict: 'unknown',
      violations: [],
      unjudged: [
        {
          rule: null,
          reason: 'missing',
          fields: [],
          detail: 'no such key, and no missing rule applies to it',
        },
      ],
    });
  });

  test('is unknown if its match needs a field that only an existing key has', () => {
    const rules = [missingRule({ match: { type: ['secret'] } })];
    expect(judge(rules, missing).unjudged).toEqual([
      { rule: 'gone', reason: 'field-unreadable', fields: ['type'], detail: 'type' },
    ]);
  });
});
