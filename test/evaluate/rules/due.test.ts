import { describe, expect, test } from 'vitest';
import { messageOf } from '../../../src/evaluate/messages.ts';
import { parsePolicy } from '../../../src/evaluate/policy/parse-policy.ts';
import type { PolicyRule } from '../../../src/evaluate/policy/policy.ts';
import {
  ago,
  day,
  dueOf,
  hour,
  judge,
  minute,
  neverUsedRule,
  present,
  staleRule,
  tooOldRule,
} from '../world.ts';

const old = ago(900 * day);
const withDue = (rule: PolicyRule, warnBefore = 7 * day) => [rule, dueOf(rule, warnBefore)];
const used = (ms: number) => present({ createdOn: old, lastUsed: ago(ms) });
const unused = (ms: number) => present({ createdOn: ago(ms), lastUsed: null });
const aged = (ms: number) => present({ createdOn: ago(ms), lastUsed: ago(0) });

function brokenBy(...args: Parameters<typeof judge>): string[] {
  return judge(...args).violations.map(({ rule }) => rule);
}

test('warnBefore in a policy adds a separate rule with severity info', () => {
  const { rules } = parsePolicy(`
version: v
rules: [{ id: stale-45, type: stale, after: 45d, warnBefore: 7d, severity: high }]
`);
  expect(rules.slice(0, 2)).toMatchObject([
    { id: 'stale-45', severity: 'high' },
    { id: 'stale-45.due', severity: 'info', due: true },
  ]);
  expect(brokenBy([...rules], used(40 * day))).toEqual(['stale-45.due']);
});

describe.each([
  ['stale', staleRule(), 45 * day, used],
  ['stale, of a key never used', staleRule(), 45 * day, unused],
  ['never-used', neverUsedRule(), 14 * day, unused],
] as const)('the warning of %s', (_name, rule, limit, seen) => {
  const rules = withDue(rule);

  test('begins exactly warnBefore ahead of the limit', () => {
    expect(brokenBy(rules, seen(limit - 7 * day - 1))).toEqual([]);
    expect(brokenBy(rules, seen(limit - 7 * day))).toEqual([`${rule.id}.due`]);
  });

  test('ends when the rule itself is broken, never beside it', () => {
    expect(brokenBy(rules, seen(limit - 1))).toEqual([`${rule.id}.due`]);
    expect(brokenBy(rules, seen(limit))).toEqual([rule.id]);
    expect(brokenBy(rules, seen(limit + 400 * day))).toEqual([rule.id]);
  });
});

describe('the warning of too-old', () => {
  const rules = withDue(tooOldRule());

  test('begins exactly warnBefore ahead of the limit', () => {
    expect(brokenBy(rules, aged(83 * day - 1))).toEqual([]);
    expect(brokenBy(rules, aged(83 * day))).toEqual(['too-old.due']);
  });

  test('lasts to the end of the last permitted moment, which is the limit itself', () => {
    expect(brokenBy(rules, aged(90 * day))).toEqual(['too-old.due']);
    expect(brokenBy(rules, aged(90 * day + 1))).toEqual(['too-old']);
  });
});

describe('a warning', () => {
  test('subtracts the usage lag from the idle time, as its rule does', () => {
    const rules = withDue(staleRule());
    const lag = { usageLagMs: hour };
    expect(brokenBy(rules, used(38 * day + hour - 1), lag)).toEqual([]);
    expect(brokenBy(rules, used(38 * day + hour), lag)).toEqual(['stale-45.due']);
    expect(brokenBy(rules, used(45 * day + hour - 1), lag)).toEqual(['stale-45.due']);
  });

  test('of stale gives precedence to a matching never-used rule', () => {
    const rules = [...withDue(staleRule()), neverUsedRule({ grace: 400 * day })];
    expect(brokenBy(rules, unused(40 * day))).toEqual([]);
    expect(brokenBy(rules, used(40 * day))).toEqual(['stale-45.due']);
    const elsewhere = [...withDue(staleRule()), neverUsedRule({ match: { source: ['other'] } })];
    expect(brokenBy(elsewhere, unused(40 * day))).toEqual(['stale-45.due']);
  });

  test('of stale is unknown if it is open whether a never-used rule applies', () => {
    const rules = [...withDue(staleRule()), neverUsedRule({ match: { type: ['secret'] } })];
    const untyped = present({ createdOn: ago(40 * day), lastUsed: null, type: undefined });
    expect(judge(rules, untyped).unjudged.map(({ rule }) => rule)).toEqual([
      'stale-45.due',
      'never-used',
    ]);
  });

  test('of never-used passes a key that was used', () => {
    const rules = withDue(neverUsedRule());
    expect(brokenBy(rules, present({ createdOn: ago(10 * day), lastUsed: old }))).toEqual([]);
  });

  test('is unknown whenever its rule is unknown', () => {
    const rules = [...withDue(staleRule()), ...withDue(neverUsedRule()), ...withDue(tooOldRule())];
    const ids = rules.map(({ id }) => id);
    const unread = present({ createdOn: undefined, lastUsed: undefined });
    expect(judge(rules, unread).unjudged.map(({ rule }) => rule)).toEqual(ids);
    const future = present({ createdOn: old, lastUsed: ago(-5 * minute - 1) });
    expect(judge(withDue(staleRule()), future).unjudged.map(({ rule }) => rule)).toEqual([
      'stale-45',
      'stale-45.due',
    ]);
  });

  test('with the shortest warnBefore warns only in the last millisecond', () => {
    const rules = withDue(staleRule(), 1);
    expect(brokenBy(rules, used(45 * day - 2))).toEqual([]);
    expect(brokenBy(rules, used(45 * day - 1))).toEqual(['stale-45.due']);
  });

  test('counts a key created in the future as new', () => {
    const rules = [...withDue(staleRule()), ...withDue(neverUsedRule())];
    expect(brokenBy(rules, unused(-day))).toEqual([]);
  });
});

describe('what a warning says', () => {
  const told = (rule: PolicyRule, seen: ReturnType<typeof present>, warnBefore = 7 * day) => {
    const [found] = judge([dueOf(rule, warnBefore)], seen).violations;
    return [found?.facts['dueInDays'], messageOf(rule.type, found?.facts ?? {})];
  };

  test('is the number of days left until the limit', () => {
    expect(told(staleRule(), used(40 * day + hour))).toEqual([
      5,
      'not used for 40 days; the limit of 45 days is reached in 5 days',
    ]);
    expect(told(staleRule(), unused(44 * day + 23 * hour))).toEqual([
      1,
      'never used since it was created 44 days ago; the limit of 45 days is reached in 1 day',
    ]);
    expect(told(neverUsedRule(), unused(10 * day))).toEqual([
      4,
      'never used since it was created 10 days ago; the grace of 14 days is over in 4 days',
    ]);
    expect(told(tooOldRule(), aged(85 * day))).toEqual([
      5,
      '85 days old; the limit of 90 days is reached in 5 days',
    ]);
  });

  test('is “now” on the last permitted moment of too-old', () => {
    expect(told(tooOldRule(), aged(90 * day))).toEqual([
      0,
      '90 days old; the limit of 90 days is reached now',
    ]);
  });

  test('is in hours if the limit is', () => {
    expect(told(staleRule({ after: 12 * hour }), used(10 * hour), 3 * hour)).toEqual([
      0.0834,
      'not used for 10 hours; the limit of 12 hours is reached in 2 hours',
    ]);
  });

  test('includes the other facts of its rule', () => {
    expect(judge([dueOf(staleRule())], unused(40 * day)).violations[0]?.facts).toEqual({
      idleDays: 40,
      allowedDays: 45,
      countedFrom: 'createdOn',
      dueInDays: 5,
    });
  });
});
