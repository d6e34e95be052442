import { expect, test } from 'vitest';
import type { ScheduleConfig } from '../../src/config/config.ts';
import { planDeadline } from '../../src/schedule/plan-deadline.ts';

const nightly: ScheduleConfig = {
  id: 'nightly',
  cron: '30 2 * * *',
  timezone: 'UTC',
  catchUpMs: 1,
  overlap: 'queue',
  deadlineMs: 2,
};

test('a sweep has the terms of its schedule', () => {
  expect(planDeadline([nightly], 'nightly')).toEqual({ overlap: 'queue', deadlineMs: 2 });
});

test('a sweep on request, or of a schedule that is gone, has eight hours', () => {
  const usual = { overlap: 'skip', deadlineMs: 8 * 3_600_000 };
  expect(planDeadline([nightly], undefined)).toEqual(usual);
  expect(planDeadline([nightly], 'weekly')).toEqual(usual);
});
