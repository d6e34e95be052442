import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoInstant } from '../../src/text/iso-instant.ts';

test('an instant is written as `toISOString` writes it', () => {
  const some = fc.date({ noInvalidDate: true });
  const usual = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') });
  fc.assert(
    fc.property(fc.oneof(some, usual), (instant) => {
      expect(isoInstant(instant)).toBe(instant.toISOString());
    }),
  );
});

test.each([
  '0999-12-31T23:59:59.999Z',
  '1000-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '+010000-01-01T00:00:00.000Z',
  '-000001-12-31T23:59:59.999Z',
])('%s too', (text) => {
  expect(isoInstant(new Date(text))).toBe(text);
});

test('an invalid date is refused', () => {
  expect(() => isoInstant(new Date(Number.NaN))).toThrow(RangeError);
});
