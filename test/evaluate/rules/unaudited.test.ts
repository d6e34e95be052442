import { describe, expect, test } from 'vitest';
import {
  ago,
  asOf,
  day,
  hour,
  judge,
  judgeWhole,
  missing,
  missingRule,
  overScopedRule,
  present,
  staleRule,
  unauditedRule,
  unownedRule,
  unreachable,
} from '../world.ts';

const rules = [unauditedRule(), staleRule()];
const unread = present({ lastUsed: undefined });
const knownAgo = (ms: number) => ({ history: { knownAt: ago(ms) } });

describe('unaudited', () => {
  test('fails a key that has been unknown for exactly `after`, and not earlier', () => {
    expect(judge(rules, unreachable, knownAgo(14 * day - 1)).violations).toEqual([]);
    expect(judge(rules, unreachable, knownAgo(14 * day))).toEqual({
      verdict: 'fail',
      violations: [
        { rule: 'unaudited', facts: { unknownDays: 14, allowedDays: 14 }, waiver: null },
      ],
      unjudged: [{ rule: null, reason: 'unreachable', fields: [], detail: 'ECONNREFUSED' }],
    });
  });

  test('fails a key if one rule stays unknown', () => {
    const judged = judge(rules, unread, knownAgo(20 * day));
    expect(judged.violations.map(({ rule }) => rule)).toEqual(['unaudited']);
    expect(judged.unjudged.map(({ rule }) => rule)).toEqual(['stale-45']);
  });

  test('passes nothing: a key that has been unknown for less than `after` stays unknown', () => {
    expect(judge(rules, unreachable, knownAgo(0)).verdict).toBe('unknown');
    expect(judge(rules, unread, knownAgo(day)).verdict).toBe('unknown');
    expect(judge([unauditedRule()], unreachable, knownAgo(day)).verdict).toBe('unknown');
  });

  test('does not fail a key that has a verdict now, however long it had none', () => {
    expect(judge(rules, present(), knownAgo(900 * day)).verdict).toBe('pass');
    const failed = judge(
      [...rules, overScopedRule({ allow: [] })],
      present({ lastUsed: undefined }),
      knownAgo(900 * day),
    );
    expect(failed.violations.map(({ rule }) => rule)).toEqual(['scopes']);
  });

  test('judges a missing key only if no missing rule could judge it', () => {
    const gone = judge([unauditedRule(), missingRule()], missing, knownAgo(900 * day));
    expect(gone.violations.map(({ rule }) => rule)).toEqual(['gone']);
    const elsewhere = missingRule({ match: { source: ['other'] } });
    const left = judge([unauditedRule(), elsewhere], missing, knownAgo(900 * day));
    expect(left.violations.map(({ rule }) => rule)).toEqual(['unaudited']);
  });

  test('counts parts of a day if the limit has them', () => {
    const judged = judge([unauditedRule({ after: 12 * hour })], unreachable, knownAgo(18 * hour));
    expect(judged.violations[0]?.facts).toEqual({ unknownDays: 0.75, allowedDays: 0.5 });
  });

  test('counts a key as new if its time is absent, invalid or in the future', () => {
    expect(judge(rules, unreachable).violations).toEqual([]);
    const odd = { history: { knownAt: new Date(Number.NaN) } };
    expect(judge(rules, unreachable, odd).violations).toEqual([]);
    expect(judge(rules, unreachable, knownAgo(-day)).violations).toEqual([]);
  });

  test('judges only the keys it matches, and is unknown if the match is unknown', () => {
    const elsewhere = [unauditedRule({ match: { source: ['other'] } })];
    expect(judge(elsewhere, unreachable, knownAgo(90 * day)).violations).toEqual([]);
    const typed = [unauditedRule({ match: { type: ['secret'] } }), staleRule()];
    const untyped = present({ type: undefined, lastUsed: undefined });
    expect(judge(typed, untyped, knownAgo(90 * day)).unjudged.map(({ rule }) => rule)).toEqual([
      'stale-45',
      'unaudited',
    ]);
  });
});

describe('whether a key is known', () => {
  const waiver = (rule: string) => ({
    id: 'W-1',
    rule,
    keys: [{ source: 'prod', keyId: 'key_abc123' }],
    reason: 'known',
    requestedBy: 'ann',
    approvedBy: ['bob'],
    expires: new Date(asOf.getTime() + day),
  });

  test('depends on its verdict without `unaudited`', () => {
    expect(judgeWhole(rules, present()).known).toBe(true);
    expect(judgeWhole(rules, unreachable, knownAgo(0)).known).toBe(false);
    const judged = judgeWhole(rules, unreachable, knownAgo(90 * day));
    expect([judged.verdict, judged.known]).toEqual(['fail', false]);
  });

  test('is false while all violations are waived and another rule is unknown', () => {
    const list = [...rules, unownedRule({ match: { owner: ['payments'] } })];
    const scoped = [...list, overScopedRule({ allow: [] })];
    const rest = { ...knownAgo(90 * day), waivers: [waiver('scopes')] };
    const judged = judgeWhole(scoped, unread, rest);
    expect(judged.violations.map(({ rule, waiver: by }) => [rule, by])).toEqual([
      ['scopes', 'W-1'],
      ['unaudited', null],
    ]);
    expect([judged.verdict, judged.known]).toEqual(['fail', false]);
    const without = judgeWhole(scoped.slice(1), unread, rest);
    expect([without.verdict, without.known]).toEqual(['unknown', false]);
  });

  test('stays false if the `unaudited` violation is waived', () => {
    const rest = { ...knownAgo(90 * day), waivers: [waiver('unaudited')] };
    const judged = judgeWhole(rules, unreachable, rest);
    expect(judged.violations[0]?.waiver).toBe('W-1');
    expect([judged.verdict, judged.known]).toEqual(['unknown', false]);
  });
});
