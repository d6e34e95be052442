import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countDue, dueInstants } from '../../src/timing/due-instants.ts';
import { type CronTimes, readCron } from '../../src/timing/read-cron.ts';
import { createWallClock, type WallClock } from '../../src/timing/wall-clock.ts';

const day = 86_400_000;

function due(cron: string, zone: string, after: string, until: string): string[] {
  const clock = createWallClock(zone);
  const instants = listDue(readCron(cron), clock, new Date(after), new Date(until));
  return instants.map((instant) => instant.toISOString().replace('.000Z', 'Z'));
}

function listDue(times: CronTimes, clock: WallClock, after: Date, until: Date): Date[] {
  return [...dueInstants(times, clock, after, until)].map(({ at }) => new Date(at));
}

describe('a tick', () => {
  test('is due after the one instant and until the other, that one included', () => {
    const at = (after: string, until: string) => due('30 2 * * *', 'UTC', after, until);
    expect(at('2026-11-23T02:29:59Z', '2026-11-23T02:30:00Z')).toEqual(['2026-11-23T02:30:00Z']);
    expect(at('2026-11-23T02:30:00Z', '2026-11-24T02:29:59.999Z')).toEqual([]);
    expect(at('2026-11-24T00:00:00Z', '2026-11-23T00:00:00Z')).toEqual([]);
  });

  test.each([
    // Sunday 8 March 2026, 02:00 to 03:00.
    ['America/New_York', '30 2 * * *', '2026-03-08', '2026-03-08T07:00:00Z'],
    // Sunday 4 October 2026, 02:00 to 02:30: half an hour.
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-04', '2026-10-03T15:30:00Z'],
    // Sunday 8 March 2026, midnight to 01:00: the day begins at one.
    ['America/Havana', '0 0 * * *', '2026-03-08', '2026-03-08T05:00:00Z'],
    // Sunday 27 September 2026, 02:45 to 03:45.
    ['Pacific/Chatham', '0 3 * * *', '2026-09-27', '2026-09-26T14:00:00Z'],
  ])('that the clock of %s jumps over is due at the first instant after', (zone, cron, on, at) => {
    const noon = Date.parse(`${on}T00:00:00Z`);
    const around = due(
      cron,
      zone,
      new Date(noon - day / 2 - 3_600_000 * 6).toISOString(),
      new Date(noon + day / 2).toISOString(),
    );
    expect(around).toContain(at);
  });

  test.each([
    // Sunday 1 November 2026: 01:30 comes twice, first under summer time.
    ['America/New_York', '30 1 * * *', '2026-11-01T00:00:00Z', '2026-11-01T05:30:00Z'],
    // Sunday 5 April 2026: 01:45 comes twice.
    ['Australia/Lord_Howe', '45 1 * * *', '2026-04-04T12:00:00Z', '2026-04-04T14:45:00Z'],
    // Sunday 1 November 2026: the hour from midnight comes twice.
    ['America/Havana', '30 0 * * *', '2026-10-31T12:00:00Z', '2026-11-01T04:30:00Z'],
    // Sunday 5 April 2026: 02:45 to 03:45 comes twice.
    ['Pacific/Chatham', '0 3 * * *', '2026-04-04T06:00:00Z', '2026-04-04T13:15:00Z'],
  ])(
    'in an hour that repeats in %s is due once, the first time (twice: bull #2207)',
    (zone, cron, after, at) => {
      const until = new Date(Date.parse(after) + day).toISOString();
      expect(due(cron, zone, after, until)).toEqual([at]);
    },
  );

  test('of every minute comes once each minute of a plain day, and not in the repeated hour', () => {
    const ny = (after: string) => {
      const until = new Date(Date.parse(after) + day).toISOString();
      return due('* * * * *', 'America/New_York', after, until).length;
    };
    expect(ny('2026-06-01T04:00:00Z')).toBe(1_440);
    // 25 hours from midnight of 1 November: of 24 of them, 23 are told apart by the wall clock.
    expect(ny('2026-11-01T04:00:00Z')).toBe(1_380);
    // The skipped hour's ticks fall together at its end.
    expect(ny('2026-03-08T05:00:00Z')).toBe(1_440);
  });

  test('wants day of month and day of week both, as node-cron does', () => {
    const fridays = due('0 0 13 * 5', 'UTC', '2026-01-01T00:00:00Z', '2026-12-31T00:00:00Z');
    expect(fridays.map((at) => at.slice(0, 10))).toEqual([
      '2026-02-13',
      '2026-03-13',
      '2026-11-13',
    ]);
  });
});

const zones = [
  'UTC',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Havana',
  'Pacific/Chatham',
  'Europe/Berlin',
  'Asia/Kathmandu',
  'America/St_Johns',
  'Africa/Casablanca',
  'Asia/Beirut',
  'America/Santiago',
  'Pacific/Auckland',
];

function daily(hour: number, minute: number): CronTimes {
  return { timesOfDay: [(hour * 60 + minute) * 60_000], matchesDay: () => true };
}

function localDay(zone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  return (instant) => format.format(instant);
}

describe('a daily schedule', () => {
  test('is due exactly once every local day of a year, in every zone and at any time of day', () => {
    const property = (zone: string, hour: number, minute: number, year: number) => {
      const clock = createWallClock(zone);
      const from = new Date(Date.UTC(year, 0, 1, 12));
      const instants = listDue(daily(hour, minute), clock, from, new Date(+from + 366 * day));
      const days = instants.map(localDay(zone));
      expect(new Set(days).size).toBe(days.length);
      for (const [n, instant] of instants.entries()) {
        const before = instants[n - 1];
        const apart = before === undefined ? day : +instant - +before;
        // Never two local days without one.
        expect(apart).toBeLessThanOrEqual(day + 2 * 3_600_000);
      }
      expect(days.length).toBeGreaterThanOrEqual(365);
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 2024, max: 2029 }),
        property,
      ),
      { numRuns: 60 },
    );
  });

  test('is due at the same instants however the time is cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 360 * 24 * 60 }),
        (zone, hour, minute, cutMinutes) => {
          const clock = createWallClock(zone);
          const from = new Date('2026-01-01T00:00:00Z');
          const to = new Date('2026-12-27T00:00:00Z');
          const cut = new Date(+from + cutMinutes * 60_000);
          const times = daily(hour, minute);
          const halves = [...listDue(times, clock, from, cut), ...listDue(times, clock, cut, to)];
          expect(halves).toEqual(listDue(times, clock, from, to));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a long absence', () => {
  test('is looked at for a year at most', () => {
    const due = countDue(
      readCron('0 0 * * *'),
      createWallClock('UTC'),
      new Date('2020-01-01T00:00:00Z'),
      new Date('2026-01-01T00:00:00Z'),
    );
    expect(due?.before?.count).toBe(365);
  });

  test('of a year costs a schedule of every minute no more than one of every day', () => {
    const until = new Date('2026-06-01T12:00:30Z');
    const cost = (cron: string) => {
      const zone = createWallClock('UTC');
      let asked = 0;
      const clock = {
        instantOf: zone.instantOf,
        offsetAt(instant: number) {
          asked += 1;
          return zone.offsetAt(instant);
        },
      };
      const due = countDue(readCron(cron), clock, new Date(+until - 365 * day), until);
      return { asked, due };
    };
    const minutely = cost('* * * * *');
    expect(minutely.due).toEqual({
      newest: new Date('2026-06-01T12:00:00Z'),
      before: {
        count: 365 * 1_440 - 1,
        first: new Date('2025-06-01T12:01:00Z'),
        last: new Date('2026-06-01T11:59:00Z'),
      },
    });
    expect(minutely.asked).toBeLessThanOrEqual(cost('0 0 * * *').asked + 10);
  });

  test('is counted as its instants are listed, in every zone and over clock changes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom('* * * * *', '*/7 1,2,23 * * *', '30 2 * * *', '0 0 * * mon', '@hourly'),
        fc.integer({ min: 0, max: 360 * 24 * 60 * 60 }),
        fc.integer({ min: 0, max: 5 * 24 * 60 * 60 }),
        (zone, cron, fromSeconds, seconds) => {
          const clock = createWallClock(zone);
          const from = new Date(Date.UTC(2026, 0, 1) + fromSeconds * 1_000);
          const to = new Date(+from + seconds * 1_000);
          const listed = listDue(readCron(cron), clock, from, to);
          const before = listed.slice(0, -1);
          const run = { count: before.length, first: before[0], last: before.at(-1) };
          const newest = listed.at(-1);
          expect(countDue(readCron(cron), clock, from, to)).toEqual(
            newest && { newest, before: before.length === 0 ? undefined : run },
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
