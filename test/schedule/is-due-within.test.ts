import { expect, test } from 'vitest';
import { isDueWithin } from '../../src/schedule/is-due-within.ts';

const at = new Date('2026-06-01T02:00:00Z');
const minuteMs = 60_000;

test('a schedule is due within the time that ends at its tick', () => {
  const schedule = { cron: '30 2 * * *', timezone: 'UTC' };
  expect(isDueWithin(schedule, at, 30 * minuteMs)).toBe(true);
  expect(isDueWithin(schedule, at, 30 * minuteMs - 1)).toBe(false);
});

test('the tick of now is not one to come', () => {
  const schedule = { cron: '0 2 * * *', timezone: 'UTC' };
  expect(isDueWithin(schedule, at, 30 * minuteMs)).toBe(false);
});
