import { expect, test } from 'vitest';
import type { ScheduleConfig } from '../../src/config/config.ts';
import { isPatient } from '../../src/schedule/is-patient.ts';

const nightly: ScheduleConfig = {
  id: 'nightly',
  cron: '30 2 * * *',
  timezone: 'UTC',
  catchUpMs: 0,
  overlap: 'skip',
  deadlineMs: 3_600_000,
};
const at = (time: string) => new Date(`2026-11-23T${time}Z`);

test('a scheduled sweep has time, unless its schedule is due again within half an hour', () => {
  expect(isPatient([nightly], 'nightly', at('02:30:00'))).toBe(true);
  expect(isPatient([nightly], 'nightly', at('01:59:59'))).toBe(true);
  expect(isPatient([nightly], 'nightly', at('02:00:00'))).toBe(false);
});

test('a sweep that somebody waits for, or of a schedule that is gone, has none', () => {
  expect(isPatient([nightly], null, at('12:00:00'))).toBe(false);
  expect(isPatient([nightly], 'weekly', at('12:00:00'))).toBe(false);
});
