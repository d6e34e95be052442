import { describe, expect, test } from 'vitest';
import { readDetails } from '../../src/keys/read-details.ts';
import { readVendorFields } from '../../src/keys/vendor-fields.ts';

const body = {
  id: 'key_abc123',
  name: 'My API Key',
  type: 'secret',
  scopes: ['customers:read', 'charges:read'],
  createdOn: '2024-11-01T10:00:00Z',
  lastUsed: '2024-11-15T12:00:00Z',
  lastFour: '7dc0',
};

const read = (difference: object) => readDetails(readVendorFields({ ...body, ...difference }));
const without = (field: keyof typeof body) => {
  const { [field]: _left, ...rest } = body;
  return readDetails(readVendorFields(rest));
};

test('reads the example of the vendor’s page', () => {
  expect(read({})).toEqual({
    name: 'My API Key',
    type: 'secret',
    scopes: ['customers:read', 'charges:read'],
    createdOn: new Date('2024-11-01T10:00:00Z'),
    lastUsed: new Date('2024-11-15T12:00:00Z'),
    lastFour: '7dc0',
  });
});

test('ignores case and underscores in field names', () => {
  const { createdOn, lastUsed, lastFour, ...rest } = body;
  const snake = { ...rest, created_at: createdOn, last_used: lastUsed, last_four: lastFour };
  const shouted = { ...rest, CREATEDON: createdOn, Last_Used: lastUsed, LastFour: lastFour };
  for (const spelled of [snake, shouted]) {
    expect(readDetails(readVendorFields(spelled))).toEqual(read({}));
  }
});

test('takes two spellings that agree and refuses two that do not', () => {
  expect(read({ Scopes: ['customers:read', 'charges:read'] }).scopes).toEqual(body.scopes);
  expect(read({ Scopes: ['customers:read'] }).scopes).toBeUndefined();
  expect(read({ last_used: null }).lastUsed).toBeUndefined();
  expect(read({ created_at: '2024-11-01T10:00:01Z' }).createdOn).toBeUndefined();
  expect(read({ Type: 'public' }).type).toBeUndefined();
});

test('never returns to readable after a third spelling', () => {
  expect(read({ Type: 'public', TYPE: 'public' }).type).toBeUndefined();
});

describe('lastUsed', () => {
  test('that is null means never used', () => {
    expect(read({ lastUsed: null }).lastUsed).toBeNull();
  });

  test.each([['absent', without('lastUsed')]])('that is %s is unreadable', (_name, details) => {
    expect(details.lastUsed).toBeUndefined();
  });

  test.each(['', 'never', '2026-02-30T00:00:00Z', 0, 1731672000000, false, [], {}])(
    'that is %j is unreadable',
    (lastUsed) => {
      expect(read({ lastUsed }).lastUsed).toBeUndefined();
    },
  );
});

describe('an empty date, which is an instant before 1980,', () => {
  const empty = ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00+02:00', '1970-01-01T00:00:00.000Z'];

  test.each([...empty, '1979-12-31T23:59:59.999Z', '1980-01-01T00:00:00+00:01'])(
    'means never used in lastUsed and nothing in createdOn: %s',
    (text) => {
      expect(read({ lastUsed: text }).lastUsed).toBeNull();
      expect(read({ createdOn: text }).createdOn).toBeUndefined();
    },
  );

  test.each(['1980-01-01T00:00:00Z', '1979-12-31T23:59:00-00:01'])('is not %s', (text) => {
    expect(read({ lastUsed: text }).lastUsed).toEqual(new Date('1980-01-01T00:00:00Z'));
    expect(read({ createdOn: text }).createdOn).toEqual(new Date('1980-01-01T00:00:00Z'));
  });

  test.each(['0001-01-01T00:00:00', '1970-01-01', '0000-00-00T00:00:00Z'])(
    'is not %s, which is no instant',
    (text) => {
      expect(read({ lastUsed: text, createdOn: text })).toMatchObject({
        lastUsed: undefined,
        createdOn: undefined,
      });
    },
  );
});

test.each([null, '', 'yesterday', 5])('createdOn that is %j is unreadable', (createdOn) => {
  expect(read({ createdOn }).createdOn).toBeUndefined();
});

test('absent fields are unreadable', () => {
  expect(without('type').type).toBeUndefined();
  expect(without('scopes').scopes).toBeUndefined();
  expect(without('createdOn').createdOn).toBeUndefined();
  expect(without('lastFour').lastFour).toBeUndefined();
});

test.each([null, 'customers:read', {}, [1], ['a', null], [['a']]])(
  'scopes that are %j are unreadable',
  (scopes) => {
    expect(read({ scopes }).scopes).toBeUndefined();
  },
);

test('keeps an empty scope list and one of ten thousand', () => {
  expect(read({ scopes: [] }).scopes).toEqual([]);
  const scopes = Array.from({ length: 10_000 }, (_, index) => `scope-${index}:read`);
  expect(read({ scopes }).scopes).toEqual(scopes);
});

test('takes an unknown type as data, and a blank one as unreadable', () => {
  expect(read({ type: 'publishable' }).type).toBe('publishable');
  expect(read({ type: ' ' }).type).toBeUndefined();
  expect(read({ type: null }).type).toBeUndefined();
  expect(read({ type: 3 }).type).toBeUndefined();
});

test('an absent or null name is empty', () => {
  expect(read({ name: null }).name).toBe('');
  expect(without('name').name).toBe('');
});

test.each([5, false, {}, []])('a name that is %j is unreadable', (name) => {
  expect(read({ name }).name).toBeUndefined();
});

test('two names that differ are unreadable', () => {
  expect(read({ Name: 'Another' }).name).toBeUndefined();
});

test('keeps a name of ten thousand characters, and cuts a longer one', () => {
  const longest = 'n'.repeat(10_000);
  expect(read({ name: longest }).name).toBe(longest);
  expect(read({ name: `${longest}n` }).name).toBe(`${longest}…`);
});

test('a type of more than a thousand characters is unreadable', () => {
  expect(read({ type: 't'.repeat(1_000) }).type).toHaveLength(1_000);
  expect(read({ type: 't'.repeat(1_001) }).type).toBeUndefined();
});

test('escapes what the database refuses, in every text', () => {
  const details = read({ name: 'a\u0000', type: 'se\ud800cret', scopes: ['x\u0000:read'] });
  expect(details).toMatchObject({
    name: 'a\\u0000',
    type: 'se\\ud800cret',
    scopes: ['x\\u0000:read'],
  });
});

test('does not keep a whole secret that stands where the last four belong', () => {
  expect(read({ lastFour: 'sk_live_0123456789abcdef' }).lastFour).toBeUndefined();
});

test('reads no field from the prototype', () => {
  const hostile = JSON.parse('{"__proto__":{"type":"public"},"constructor":{"type":"public"}}');
  expect(readDetails(readVendorFields(hostile)).type).toBeUndefined();
  expect(({} as Record<string, unknown>)['type']).toBeUndefined();
});
