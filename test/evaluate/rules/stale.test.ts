import { describe, expect, test } from 'vitest';
import {
  ago,
  aKey,
  asOf,
  day,
  hour,
  judge,
  minute,
  neverUsedRule,
  present,
  second,
  staleRule,
} from '../world.ts';

const staleAfter45 = [staleRule()];
const old = { createdOn: ago(400 * day) };

describe('stale', () => {
  test('allows a key on its last permitted moment', () => {
    const seen = present({ ...old, lastUsed: ago(45 * day - 1) });
    expect(judge(staleAfter45, seen).verdict).toBe('pass');
  });

  test('fails a key at 45 days exactly, as CIS has it (Prowler says more than 45)', () => {
    const judged = judge(staleAfter45, present({ ...old, lastUsed: ago(45 * day) }));
    expect(judged).toEqual({
      verdict: 'fail',
      violations: [{ rule: 'stale-45', facts: { idleDays: 45, allowedDays: 45 }, waiver: null }],
      unjudged: [],
    });
  });

  test('subtracts the usage lag from the idle time', () => {
    const seen = present({ ...old, lastUsed: ago(45 * day + hour) });
    expect(judge(staleAfter45, seen, { usageLagMs: hour }).verdict).toBe('fail');
    expect(judge(staleAfter45, seen, { usageLagMs: hour + 1 }).verdict).toBe('pass');
  });

  test('counts whole idle days, and parts of a day if the limit has them', () => {
    const seen = present({ ...old, lastUsed: ago(61 * day + 23 * hour) });
    expect(judge(staleAfter45, seen).violations[0]?.facts['idleDays']).toBe(61);
    const half = judge([staleRule({ after: 12 * hour })], present({ lastUsed: ago(18 * hour) }));
    expect(half.violations[0]?.facts).toEqual({ idleDays: 0.75, allowedDays: 0.5 });
  });

  test.each(['lastUsed', 'createdOn'] as const)('is unknown when %s is unreadable', (field) => {
    expect(judge(staleAfter45, present({ [field]: undefined }))).toEqual({
      verdict: 'unknown',
      violations: [],
      unjudged: [{ rule: 'stale-45', reason: 'field-unreadable', fields: [field], detail: field }],
    });
  });

  test('treats an invalid date as unreadable', () => {
    const never = new Date(Number.NaN);
    expect(judge(staleAfter45, present({ lastUsed: never })).verdict).toBe('unknown');
    expect(judge(staleAfter45, present({ createdOn: never })).verdict).toBe('unknown');
  });

  test('accepts a last use up to 5 minutes after the observation, and none later', () => {
    const at = (ms: number) => present({ lastUsed: new Date(asOf.getTime() + ms) });
    expect(judge(staleAfter45, at(5 * minute)).verdict).toBe('pass');
    expect(judge(staleAfter45, at(5 * minute + 1)).unjudged).toEqual([
      {
        rule: 'stale-45',
        reason: 'field-unreadable',
        fields: ['lastUsed'],
        detail: 'lastUsed lies in the future',
      },
    ]);
  });

  test('counts these 5 minutes from the observation, not from the opening of the sweep', () => {
    const lastUsed = new Date(asOf.getTime() + 2 * hour);
    const later = { ...present({ lastUsed }), at: new Date(asOf.getTime() + 2 * hour - second) };
    expect(judge(staleAfter45, later).verdict).toBe('pass');
  });
});

describe('stale, of a key that was never used', () => {
  const unused = (ms: number) => present({ lastUsed: null, createdOn: ago(ms) });

  test('counts from its creation (Prowler skips it and lets it pass)', () => {
    expect(judge(staleAfter45, unused(45 * day - 1)).verdict).toBe('pass');
    expect(judge(staleAfter45, unused(45 * day)).violations[0]?.facts).toEqual({
      idleDays: 45,
      allowedDays: 45,
      countedFrom: 'createdOn',
    });
  });

  test('passes one created today (Prowler calls a token of today stale)', () => {
    expect(judge(staleAfter45, unused(0)).verdict).toBe('pass');
    expect(judge(staleAfter45, unused(-hour)).verdict).toBe('pass');
  });

  test('gives precedence to a never-used rule that applies to the key', () => {
    const rules = [staleRule(), neverUsedRule({ grace: 400 * day })];
    expect(judge(rules, unused(60 * day)).verdict).toBe('pass');
  });

  test('judges it if the never-used rule is for other keys', () => {
    const rules = [staleRule(), neverUsedRule({ match: { owner: ['someone-else'] } })];
    expect(judge(rules, unused(60 * day)).violations.map(({ rule }) => rule)).toEqual(['stale-45']);
  });

  test('is unknown if it is open whether a never-used rule applies', () => {
    const rules = [staleRule(), neverUsedRule({ match: { type: ['secret'] } })];
    const untyped = (ms: number) =>
      present({ lastUsed: null, createdOn: ago(ms), type: undefined });
    const fields = ['type'];
    const reason = 'field-unreadable';
    expect(judge(rules, untyped(60 * day)).unjudged).toEqual([
      { rule: 'stale-45', reason, fields, detail: 'type: a never-used rule may apply' },
      { rule: 'never-used', reason, fields, detail: 'type' },
    ]);
    // Young enough to pass either way, so the doubt does not matter to this rule.
    expect(judge(rules, untyped(44 * day)).unjudged.map(({ rule }) => rule)).toEqual([
      'never-used',
    ]);
  });

  test('is not unknown if another never-used rule certainly applies', () => {
    const rules = [
      staleRule(),
      neverUsedRule({ match: { type: ['secret'] } }),
      neverUsedRule({ id: 'never-2', match: { source: ['prod'] }, grace: 400 * day }),
    ];
    const judged = judge(
      rules,
      present({ lastUsed: null, createdOn: ago(60 * day), type: undefined }),
      {
        key: aKey(),
      },
    );
    expect(judged.unjudged.map(({ rule }) => rule)).toEqual(['never-used']);
  });
});
