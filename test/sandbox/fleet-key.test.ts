import { expect, test } from 'vitest';
import { parseFleet, resolveDate } from '../../src/sandbox/fleet-key.ts';

const now = new Date('2026-11-20T02:30:00.678Z');

test.each([
  ['-61d', '2026-09-20T02:30:00Z'],
  ['-90m', '2026-11-20T01:00:00Z'],
  ['-5s', '2026-11-20T02:29:55Z'],
  ['-12h', '2026-11-19T14:30:00Z'],
  ['-2w', '2026-11-06T02:30:00Z'],
  ['+5m', '2026-11-20T02:35:00Z'],
])('a date may be relative: %s', (relative, absolute) => {
  expect(resolveDate(relative, now)).toBe(absolute);
});

test.each(['2024-11-01T10:00:00Z', 'last Tuesday', '', '-61', null, 5, undefined])(
  'what is not relative stays as it is: %j',
  (value) => {
    expect(resolveDate(value, now)).toBe(value);
  },
);

test('reads a fleet of keys that say what a vendor should not', () => {
  const fleet = [{ id: 'a', scopes: null, createdOn: 7, fault: '500' }, { id: 'b' }];
  expect(parseFleet(JSON.stringify(fleet))).toEqual(fleet);
});

test.each([
  ['no JSON', '[', 'the file is not JSON'],
  ['no list', '{}', 'fleet'],
  ['a key without an id', '[{"id":"a"},{"name":"b"}]', 'fleet 1.id'],
  ['an unknown field', '[{"id":"a","lastused":"-1d"}]', 'lastused'],
])('refuses %s and says where', (_name, text, reason) => {
  expect(() => parseFleet(text)).toThrow(reason);
  expect(() => parseFleet(text)).toThrow(
    expect.objectContaining({ code: 'KEYSWEEP_SANDBOX_MISUSE' }),
  );
});
