import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, durationOrZero, parseDuration } from '../../../src/evaluate/policy/duration.ts';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const longestMs = 36_500 * unitMs.d;
const unit = fc.constantFrom(...(Object.keys(unitMs) as (keyof typeof unitMs)[]));

describe('durations', () => {
  test('a whole number with a unit is that number of units, up to 36500d', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999_999 }), unit, (count, unit) => {
        const ms = count * unitMs[unit];
        const expected = ms <= longestMs ? ms : undefined;
        expect(parseDuration(`${count}${unit}`)).toBe(expected);
        expect(duration.safeParse(`${count}${unit}`).data).toBe(expected);
        expect(durationOrZero.safeParse(`${count}${unit}`).data).toBe(expected);
      }),
    );
  });

  test('any other text gives undefined without an error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/^[1-9]\d*[smhdw]$/.test(text));
        expect(parseDuration(text)).toBeUndefined();
        expect(duration.safeParse(text).success).toBe(false);
      }),
    );
  });

  test.each([
    '0s',
    '00s',
    '-1d',
    '+1d',
    '1.5h',
    '01d',
    '1 d',
    ' 1d',
    '1d ',
    '1D',
    '1y',
    '1M',
    '1',
    'd',
    '',
    '1d\n',
    '1e3s',
    '\u0661d',
  ])('refuses %j', (text) => expect(parseDuration(text)).toBeUndefined());

  test('zero is a duration only where zero is allowed', () => {
    expect(durationOrZero.parse('0s')).toBe(0);
    expect(durationOrZero.parse('0w')).toBe(0);
    expect(durationOrZero.safeParse('00s').success).toBe(false);
    expect(duration.safeParse('0s').success).toBe(false);
  });

  test('end at 36500d', () => {
    expect(parseDuration('36500d')).toBe(longestMs);
    expect(parseDuration('36501d')).toBeUndefined();
    expect(duration.safeParse('36501d').error?.issues).toMatchObject([
      { message: 'must be at most 36500d' },
    ]);
  });
});
