import { expect, test } from 'vitest';
import { parseTimeEnd } from '../../../src/operations/recording/time-end.ts';

test.each([
  ['2026-11-29', 'from', '2026-11-29T00:00:00.000Z'],
  ['2026-11-29', 'to', '2026-11-30T00:00:00.000Z'],
  ['2026-12-31', 'to', '2027-01-01T00:00:00.000Z'],
  ['2026-11-29T08:00:00Z', 'from', '2026-11-29T08:00:00.000Z'],
  ['2026-11-29T08:00:00+01:00', 'to', '2026-11-29T07:00:00.000Z'],
] as const)('%s as the time “%s” is %s', (text, end, instant) => {
  expect(parseTimeEnd(text, end)?.toISOString()).toBe(instant);
});

test.each(['', 'today', '2026-02-30', '2026-11-29T08:00:00', '29.11.2026', '2026-11'])(
  '“%s” is no time',
  (text) => {
    expect(parseTimeEnd(text, 'from')).toBeUndefined();
  },
);
