import { describe, expect, test } from 'vitest';
import {
  absentId,
  ambiguousId,
  malformedId,
  readIdBeginning,
  toUuid,
} from '../../src/text/id-beginning.ts';

const uuid = '74ba2240-eb29-4a69-a969-e3c70973cf50';
const digits = '74ba2240eb294a69a969e3c70973cf50';

describe('the beginning of an id', () => {
  test.each([
    [uuid, digits],
    [digits, digits],
    [` ${uuid.toUpperCase()}\n`, digits],
    ['7', '7'],
    ['74ba2240', '74ba2240'],
    ['74ba2240-', '74ba2240'],
    ['74ba2240-e', '74ba2240e'],
    ['74ba2240e', '74ba2240e'],
  ])('of a sweep may be %j', (text, expected) => {
    expect(readIdBeginning('sweep', text)).toBe(expected);
    expect(readIdBeginning('alert', text)).toBe(expected);
  });

  test.each([
    '',
    ' ',
    '-',
    'zz',
    'last',
    '74ba224-0',
    '74ba-2240',
    '74ba2240--eb29',
    '74ba2240e-b29',
    `${digits}0`,
    `${uuid}-`,
    "' or 1=1 --",
    '7%',
  ])('of a sweep is not %j', (text) => {
    expect(readIdBeginning('sweep', text)).toBeUndefined();
  });

  test('of a finding is a beginning of its fingerprint', () => {
    expect(readIdBeginning('finding', `${'AB'.repeat(32)} `)).toBe('ab'.repeat(32));
    expect(readIdBeginning('finding', 'a')).toBe('a');
    for (const text of ['', 'g', 'a-b', 'a%', 'a'.repeat(65)]) {
      expect(readIdBeginning('finding', text)).toBeUndefined();
    }
  });

  test('spans the UUIDs that begin with it', () => {
    expect(toUuid('74ba2240e', '0')).toBe('74ba2240-e000-0000-0000-000000000000');
    expect(toUuid('74ba2240e', 'f')).toBe('74ba2240-efff-ffff-ffff-ffffffffffff');
    expect(toUuid(digits, 'f')).toBe(uuid);
  });

  test('names five candidates when there are more', () => {
    const said = (count: number) =>
      ambiguousId(
        'sweep',
        '7',
        Array.from({ length: count }, (_, n) => `id ${n}`),
      );
    expect(said(2)).toBe('several sweep ids begin with "7": id 0, id 1; give more digits');
    expect(said(5)).toMatch(/id 3, id 4; give more digits$/);
    expect(said(6)).toMatch(/id 3, id 4, and others; give more digits$/);
  });

  test('is said again in part where it is long', () => {
    const long = 'x'.repeat(1_000_000);
    const said = [
      absentId('sweep', long),
      malformedId('alert', long),
      ambiguousId('sweep', long, []),
    ];
    for (const words of said) {
      expect(words).toContain(`"${'x'.repeat(100)}…"`);
      expect(words.length).toBeLessThan(300);
    }
  });
});
