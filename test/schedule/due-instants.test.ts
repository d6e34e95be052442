import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CronTimes, dueInstants } from '../../src/schedule/due-instants.ts';
import { readCron } from '../../src/schedule/read-cron.ts';
import { createWallClock } from '../../src/schedule/wall-clock.ts';

const day = 86_400_000;

function due(cron: string, zone: string, after: string, until: string): string[] {
  const clock = createWallClock(zone);
  const instants = dueInstants(readCron(cron), clock, new Date(after), new Date(until));
  return instants.map((instant) => instant.toISOString().replace('.000Z', 'Z'));
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
  return { hours: [hour], minutes: [minute], seconds: [0], matchesDay: () => true };
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
      const instants = dueInstants(daily(hour, minute), clock, from, new Date(+from + 366 * day));
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
  }, 20_000);

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
          const halves = [
            ...dueInstants(times, clock, from, cut),
            ...dueInstants(times, clock, cut, to),
          ];
          expect(halves).toEqual(dueInstants(times, clock, from, to));
        },
      ),
      { numRuns: 40 },
    );
  }, 20_000);
});

describe('a long absence', () => {
  test('is looked at for a year at most', () => {
    const years = due('0 0 * * *', 'UTC', '2020-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
    expect(years).toHaveLength(366);
  });

  test('of a schedule of every second is looked at for two days at most', () => {
    const plain = { offsetAt: () => 0, instantOf: (wall: number) => wall };
    const until = new Date('2026-06-01T00:00:00Z');
    const year = new Date(+until - 365 * day);
    expect(dueInstants(readCron('* * * * * *'), plain, year, until)).toHaveLength(2 * 86_400);
  });

  test('costs a schedule of every second little when there was none', () => {
    const times = readCron('* * * * * *');
    const clock = createWallClock('America/New_York');
    const now = new Date('2026-06-01T12:00:00Z');
    let asked = 0;
    const counting = {
      offsetAt: clock.offsetAt,
      instantOf: (wall: number) => {
        asked += 1;
        return clock.instantOf(wall);
      },
    };
    expect(dueInstants(times, counting, new Date(+now - 1_000), now)).toEqual([now]);
    expect(asked).toBeLessThan(10);
  });
});
