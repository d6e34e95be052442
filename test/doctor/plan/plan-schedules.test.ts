import { expect, test } from 'vitest';
import {
  planLastSweep,
  planLastTick,
  planNext,
  planWaiting,
} from '../../../src/doctor/plan/plan-schedules.ts';
import { nextInstants } from '../../../src/schedule/next-instants.ts';

const now = new Date('2026-11-27T12:00:00Z');
const daily = nextInstants({ cron: '0 6 * * *', timezone: 'UTC' }, now, 10);
const workdays = nextInstants({ cron: '0 6 * * 1-5', timezone: 'UTC' }, now, 10);
const hoursAgo = (hours: number, ms = 0) => new Date(now.getTime() - hours * 3_600_000 - ms);

test('warns of a last sweep that is older than twice the interval', () => {
  const judge = (lastSweepAt: Date | null) => planLastSweep({ id: 'a', lastSweepAt }, daily, now);
  expect(judge(hoursAgo(48))).toMatchObject({ check: 'a: last sweep', status: 'ok' });
  expect(judge(hoursAgo(48, 1))).toMatchObject({
    status: 'warning',
    seen: 'closed at 2026-11-25 11:59:59Z: more than twice its interval ago',
    mend: expect.stringContaining('keysweep start'),
  });
  expect(judge(null)).toMatchObject({ status: 'warning', seen: 'it has had no sweep yet' });
});

test('allows for a weekend', () => {
  const judge = (hours: number) =>
    planLastSweep({ id: 'a', lastSweepAt: hoursAgo(hours) }, workdays, now).status;
  expect(judge(6 * 24)).toBe('ok');
  expect(judge(6 * 24 + 1)).toBe('warning');
});

test('says when a schedule is due next, in UTC and in its zone', () => {
  const [next] = nextInstants({ cron: '30 2 * * *', timezone: 'America/New_York' }, now, 1);
  expect(planNext('nightly', next)).toMatchObject({
    check: 'nightly: next',
    status: 'ok',
    seen: '2026-11-28 07:30:00Z, 2026-11-28T02:30:00-05:00 in its zone',
  });
  expect(planNext('never', undefined)).toMatchObject({ status: 'warning' });
});

test('warns when several ticks wait', () => {
  const waiting = (count: number) => planWaiting({ id: 'a', waiting: count });
  expect(waiting(1)).toEqual([]);
  expect(waiting(2)).toMatchObject([{ check: 'a: overlap', status: 'warning' }]);
});

test.each([
  ['opened', 'schedule', 1, 'ok', 'its sweep opened in time'],
  ['opened', 'catch-up', 1, 'ok', 'caught up, later than it was due'],
  ['waiting', 'schedule', 1, 'ok', 'it waits for its sweep to open'],
  ['skipped', 'schedule', 1, 'warning', 'skipped, because the sweep before it was open'],
  ['missed', 'schedule', 1, 'warning', 'missed'],
  ['missed', 'schedule', 3, 'warning', 'missed, as were the 2 before it'],
] as const)(
  'says of a last tick that it is %s (%s, %i)',
  (outcome, trigger, ticks, status, words) => {
    const lastTick = { dueAt: hoursAgo(1), outcome, trigger, ticks };
    const week = { missed: 0, skipped: 0, caughtUp: 0 };
    const [line] = planLastTick({ id: 'a', lastTick, week });
    const seen = `due 2026-11-27 11:00:00Z: ${words}`;
    expect(line).toMatchObject({ check: 'a: last tick', status, seen });
    expect(line?.mend === null).toBe(status === 'ok');
  },
);

test('counts the ticks of the week that were not in time, and is silent before the first', () => {
  const lastTick = {
    ...({ outcome: 'opened', trigger: 'schedule' } as const),
    ...{ dueAt: hoursAgo(1), ticks: 1 },
  };
  const week = { missed: 12, skipped: 2, caughtUp: 1 };
  expect(planLastTick({ id: 'a', lastTick, week })[0]?.seen).toMatch(
    /in time; in seven days 12 missed, 2 skipped, 1 caught up$/,
  );
  expect(planLastTick({ id: 'a', lastTick: null, week })).toEqual([]);
});
