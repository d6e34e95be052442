import { expect, test } from 'vitest';
import { lastDue } from '../../src/schedule/last-due.ts';

const daily = { cron: '30 2 * * *', timezone: 'UTC' };
const long = new Date('2020-01-01T00:00:00Z');
const iso = (at: Date | undefined) => at?.toISOString();

test('the newest tick until an instant includes that instant', () => {
  const due = (until: string) => iso(lastDue(daily, long, new Date(until)));
  expect(due('2026-06-02T02:30:00.000Z')).toBe('2026-06-02T02:30:00.000Z');
  expect(due('2026-06-02T02:29:59.999Z')).toBe('2026-06-01T02:30:00.000Z');
});

test('a tick at or before the beginning does not count', () => {
  const until = new Date('2026-06-02T12:00:00Z');
  expect(lastDue(daily, new Date('2026-06-02T02:30:00Z'), until)).toBeUndefined();
  expect(iso(lastDue(daily, new Date('2026-06-02T02:29:59Z'), until))).toBe(
    '2026-06-02T02:30:00.000Z',
  );
});

test('a schedule that is due once a year has its tick of last year', () => {
  const yearly = { cron: '@yearly', timezone: 'America/New_York' };
  expect(iso(lastDue(yearly, long, new Date('2026-12-30T00:00:00Z')))).toBe(
    '2026-01-01T05:00:00.000Z',
  );
});
