import { describe, expect, test } from 'vitest';
import { checkPolicy } from '../../../src/evaluate/policy/check-policy.ts';
import { hour } from '../world.ts';

/** The faults of one waiver that is right but for what the test states. */
function faultsOf(difference: object, now?: Date) {
  const waiver = {
    id: 'W',
    rule: 'missing',
    keys: [{ source: 's', keyId: 'k' }],
    requestedBy: 'ann',
    approvedBy: 'bob',
    ...difference,
  };
  return checkPolicy({ rules: [], waivers: [waiver] }, now);
}

describe('a waiver that ended long ago', () => {
  test.each([
    ['2025-11-22', '2026-11-23T00:00:00.000Z'],
    ['2023-02-28', '2024-03-01T00:00:00.000Z'],
    ['2024-02-28', '2025-03-01T00:00:00.000Z'],
    ['2024-02-29', '2025-03-01T00:00:00.000Z'],
  ])('is no fault until a year after %s', (expires, end) => {
    const last = new Date(end);
    expect(faultsOf({ expires }, last)).toEqual([]);
    expect(faultsOf({ expires }, new Date(last.getTime() + 1))).toEqual([
      {
        path: ['waivers', 0, 'expires'],
        message: 'is past by more than a year; remove this waiver',
      },
    ]);
  });

  test('is never a fault if no time is given', () => {
    expect(faultsOf({ expires: '1970-01-01' })).toEqual([]);
  });

  test('is not looked for in a value that is not a day', () => {
    const now = new Date('2026-11-23T12:00:00Z');
    for (const expires of ['', 'soon', '2026', 7, null, {}]) {
      expect(faultsOf({ expires }, now)).toEqual([]);
    }
    expect(faultsOf({ expires: '2026-11-24' }, new Date(now.getTime() - hour))).toEqual([]);
  });
});

describe('persons', () => {
  test.each([
    ['Ann', 'ann'],
    [' ann\t', 'ann'],
    ['Ann  Roe', 'ann roe'],
    ['ａｎｎ', 'ann'],
    ['𝐀nn', 'ann'],
    ['a\u0308nn', '\u00e4nn'],
    ['an\u00adn', 'ann'],
    ['STRASSE', 'straße'],
  ])('%j and %j are one person', (requestedBy, approvedBy) => {
    expect(faultsOf({ requestedBy, approvedBy })).toMatchObject([
      { message: 'must be somebody else than requestedBy' },
    ]);
  });

  test.each([
    ['ann', 'anne'],
    ['ann', 'a nn'],
    ['ann', 'änn'],
    ['ann@a.example', 'ann@b.example'],
  ])('%j and %j are two people', (requestedBy, approvedBy) => {
    expect(faultsOf({ requestedBy, approvedBy })).toEqual([]);
  });
});

test('values of any shape are checked without an error', () => {
  const odd = [null, undefined, 7, '', [], {}, [null], [[]], [{ id: [] }], Object.create(null)];
  for (const one of odd) {
    for (const other of odd) {
      expect(checkPolicy({ rules: one, waivers: other }, new Date(0))).toBeInstanceOf(Array);
      expect(faultsOf({ keys: one, match: other, approvedBy: one })).toBeInstanceOf(Array);
      const rule = { id: 'r', type: 'stale', after: one, grace: one, warnBefore: other };
      expect(checkPolicy({ rules: [rule, one] })).toBeInstanceOf(Array);
    }
    expect(checkPolicy(one)).toEqual([]);
  }
});

test('ten thousand waivers of a thousand rules are checked in little time', () => {
  const rules = Array.from({ length: 1_000 }, (_, n) => ({ id: `r-${n}`, warnBefore: '1d' }));
  const waivers = Array.from({ length: 10_000 }, (_, n) => ({
    id: `W-${n}`,
    rule: `r-${n % 1_000}${n % 2 === 0 ? '' : '.due'}`,
    keys: [{ source: 's', keyId: `k-${n}` }],
    requestedBy: 'ann',
    approvedBy: 'bob',
  }));
  expect(checkPolicy({ rules, waivers })).toEqual([]);
});
