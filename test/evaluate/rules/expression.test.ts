import { describe, expect, test } from 'vitest';
import { messageOf } from '../../../src/evaluate/messages.ts';
import type { KeyDetails } from '../../../src/keys/detail-fields.ts';
import type { TrackedKey } from '../../../src/keys/tracked-key.ts';
import { ago, aKey, day, expressionRule, hour, judge, minute, missing, present } from '../world.ts';

interface World {
  readonly details?: Partial<KeyDetails>;
  readonly key?: Partial<TrackedKey>;
  readonly usageLagMs?: number;
}

function judged(when: string, { details, key, usageLagMs = 0 }: World = {}) {
  return judge([expressionRule({ when })], present(details), { key: aKey(key), usageLagMs });
}

function verdict(when: string, world?: World): string {
  return judged(when, world).verdict;
}

/** The reason and detail why an expression could not be judged. */
function unjudged(when: string, world?: World): string[] {
  const { verdict: found, unjudged: open } = judged(when, world);
  expect(found).toBe('unknown');
  return open.map(({ reason, detail }) => `${reason}: ${detail}`);
}

const contracts =
  'key.type == "secret" && key.idleDays > 30 && key.scopes.exists(s, s.endsWith(":write"))';

describe('the documented example', () => {
  const idleWriter = { scopes: ['customers:read', 'charges:write'], lastUsed: ago(31 * day) };

  test('fails an idle secret key that can write, and says so in its own words', () => {
    const { verdict: found, violations } = judged(contracts, { details: idleWriter });
    expect(found).toBe('fail');
    expect(violations).toEqual([
      {
        rule: 'own',
        facts: {
          message: 'as it should not be',
          type: 'secret',
          idleDays: 31,
          scopes: ['charges:write', 'customers:read'],
        },
        waiver: null,
      },
    ]);
    expect(messageOf('expression', violations[0]?.facts ?? {})).toBe('as it should not be');
  });

  test.each([
    ['of another type', { ...idleWriter, type: 'public' }],
    ['used 31 days ago less a minute', { ...idleWriter, lastUsed: ago(31 * day - minute) }],
    ['that only reads', { ...idleWriter, scopes: ['customers:read'] }],
    ['without scopes', { ...idleWriter, scopes: [] }],
  ])('passes a key %s', (_name, details) => {
    expect(verdict(contracts, { details })).toBe('pass');
  });
});

describe('days', () => {
  test.each([
    ['key.idleDays > 30', 30.5, 'pass'],
    ['key.idleDays > 30', 31, 'fail'],
    ['key.idleDays >= 30', 30, 'fail'],
    ['key.idleDays >= 30', 29.99, 'pass'],
    ['key.idleDays == 30', 30.99, 'fail'],
    ['key.idleDays > 30.5', 30.9, 'pass'],
    ['key.idleDays > 29.5', 30, 'fail'],
  ])('are whole, rounded down: %s at %d is a %s', (when, days, found) => {
    expect(verdict(when, { details: { lastUsed: ago(days * day) } })).toBe(found);
    const aged = when.replace('idleDays', 'ageDays');
    expect(verdict(aged, { details: { createdOn: ago(days * day) } })).toBe(found);
  });

  test('of idleness subtract the usage lag', () => {
    const world = { details: { lastUsed: ago(30 * day) } };
    expect(verdict('key.idleDays >= 30', { ...world, usageLagMs: hour })).toBe('pass');
    expect(verdict('key.idleDays >= 29', { ...world, usageLagMs: hour })).toBe('fail');
  });

  test('of idleness count from creation for a never-used key', () => {
    const details = { lastUsed: null, createdOn: ago(40 * day) };
    expect(verdict('key.idleDays == 40 && key.neverUsed', { details })).toBe('fail');
  });

  test('are at least 0', () => {
    const details = { createdOn: ago(-3 * day), lastUsed: ago(-minute) };
    expect(verdict('key.ageDays == 0 && key.idleDays == 0', { details })).toBe('fail');
  });

  test('are computed even for the years 9999 and 1', () => {
    const details = { createdOn: new Date('0001-01-01'), lastUsed: new Date('9999-12-31') };
    expect(verdict('key.ageDays > 700000', { details })).toBe('fail');
    expect(unjudged('key.idleDays > 0', { details })).toEqual([
      'field-unreadable: lastUsed lies in the future',
    ]);
  });
});

describe('values that are not given', () => {
  test('an owner and an environment are empty texts', () => {
    const key = { owner: null, environment: null };
    expect(verdict('key.owner == "" && key.environment == ""', { key })).toBe('fail');
    expect(verdict('key.owner == ""')).toBe('pass');
  });

  test('a missing key is judged by no expression', () => {
    expect(judge([expressionRule({ when: 'true' })], missing).violations).toEqual([]);
  });
});

describe('scopes are compared as the rules do, without case and surrounding space', () => {
  test.each(['charges:write', 'Charges:WRITE', ' charges:write\t'])('%j', (scope) => {
    const details = { scopes: [scope] };
    expect(verdict('"charges:write" in key.scopes', { details })).toBe('fail');
    expect(judged('key.scopes.size() > 0', { details }).violations[0]?.facts['scopes']).toEqual([
      scope,
    ]);
  });

  test('names and owners keep their case', () => {
    expect(verdict('key.name == "checkout"')).toBe('pass');
    expect(verdict('key.name.lowerAscii() == "checkout"')).toBe('fail');
  });
});

describe('a field that could not be read', () => {
  const untyped = { details: { type: undefined } };

  test.each([
    ['key.type == "secret"', 'type'],
    ['key.type != "secret"', 'type'],
    ['key.neverUsed || key.type == "x"', 'type'],
    ['key.type == "x" || key.neverUsed', 'type'],
    ['!key.neverUsed && key.type == "x"', 'type'],
    ['key.type == "x" && !key.neverUsed', 'type'],
    ['key.scopes.exists(s, key.type == s)', 'type'],
    ['key.scopes.filter(s, key.type == s).size() > 0', 'type'],
    ['key.type == "x" ? true : false', 'type'],
    ['key.type in ["x"]', 'type'],
  ])('makes %s unknown', (when, field) => {
    expect(unjudged(when, untyped)).toEqual([`field-unreadable: ${field}`]);
  });

  test.each([
    ['key.neverUsed && key.type == "x"', 'pass'],
    ['key.type == "x" && key.neverUsed', 'pass'],
    ['!key.neverUsed || key.type == "x"', 'fail'],
    ['key.type == "x" || !key.neverUsed', 'fail'],
    ['key.neverUsed ? key.type == "x" : true', 'fail'],
    ['key.scopes.exists(s, key.type == "x" || s == "customers:read")', 'fail'],
    ['key.tags.exists(t, key.type == t)', 'pass'],
  ])('does not matter if it does not affect the result: %s is a %s', (when, found) => {
    expect(verdict(when, untyped)).toBe(found);
    expect(judged(when, untyped).violations[0]?.facts ?? {}).not.toHaveProperty('type');
  });

  test.each([
    ['key.name == ""', { name: undefined }, 'name'],
    ['key.scopes.size() == 0', { scopes: undefined }, 'scopes'],
    ['key.ageDays == 0', { createdOn: undefined }, 'createdOn'],
    ['key.idleDays == 0', { lastUsed: undefined }, 'lastUsed'],
    ['key.idleDays == 0', { lastUsed: null, createdOn: undefined }, 'createdOn'],
    ['key.neverUsed', { lastUsed: undefined }, 'lastUsed'],
    ['key.lastFour == ""', { lastFour: undefined }, 'lastFour'],
    [
      'key.ageDays > key.idleDays',
      { createdOn: undefined, lastUsed: undefined },
      'createdOn, lastUsed',
    ],
  ])('is named: %s', (when, details, field) => {
    expect(unjudged(when, { details })).toEqual([`field-unreadable: ${field}`]);
  });

  test('idleDays needs no createdOn if the key was used', () => {
    expect(verdict('key.idleDays == 0', { details: { createdOn: undefined } })).toBe('fail');
  });

  test('a use 5 minutes ahead is read, and one further ahead is not', () => {
    const at = (ms: number) => ({ details: { lastUsed: ago(-ms) } });
    expect(verdict('key.idleDays > 0', at(5 * minute))).toBe('pass');
    const ahead = at(5 * minute + 1);
    expect(unjudged('key.idleDays > 0', ahead)).toEqual([
      'field-unreadable: lastUsed lies in the future',
    ]);
    const untypedToo = { details: { ...ahead.details, type: undefined } };
    expect(judged('key.idleDays > 0 && key.type == "x"', untypedToo).unjudged).toEqual([
      {
        ...{ rule: 'own', reason: 'field-unreadable' },
        ...{ fields: ['lastUsed', 'type'], detail: 'lastUsed lies in the future, type' },
      },
    ]);
  });
});

describe('an error of arithmetic is unknown, never a pass', () => {
  test.each([
    '1 / key.idleDays > 0',
    '1 % key.idleDays > 0',
    '9223372036854775807 * key.ageDays > 0',
  ])('%s', (when) => {
    expect(unjudged(when)).toEqual([
      'evaluation-error: the expression divides by zero, or a number in it grows too large',
    ]);
  });

  test('several errors give one message, so that the order of scopes changes nothing', () => {
    const when =
      'key.scopes.exists(s, s == "a" ? 1 / 0 == 1 : s == "b" ? 9223372036854775807 + 1 == 1 : key.type == s)';
    for (const type of ['secret', undefined]) {
      const ways = [
        ['a', 'b', 'c'],
        ['b', 'a', 'c'],
        ['c', 'b', 'a'],
      ];
      const told = ways.map((scopes) => unjudged(when, { details: { scopes, type } }).join());
      expect(new Set(told).size).toBe(1);
    }
  });
});

describe('the facts', () => {
  test('are the fields that the expression names, each cut', () => {
    const tags = Array.from({ length: 300 }, (_, at) => `tag-${String(at).padStart(3, '0')}`);
    const { violations } = judged('key.name != "" && key.tags.size() > 1 && !key.neverUsed', {
      details: { name: 'n'.repeat(1_000_000) },
      key: { tags: tags.toReversed() },
    });
    const facts = violations[0]?.facts;
    expect(Object.keys(facts ?? {})).toEqual(['message', 'name', 'tags', 'neverUsed']);
    expect(facts?.['name']).toBe(`${'n'.repeat(200)}…`);
    expect(facts?.['tags']).toEqual(tags.slice(0, 100));
    expect(facts?.['neverUsed']).toBe('false');
  });
});
