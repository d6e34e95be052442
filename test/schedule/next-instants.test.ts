import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wrongCron } from '../../src/config/cron.ts';
import { isDueWithin } from '../../src/schedule/is-due-within.ts';
import { nextInstants } from '../../src/schedule/next-instants.ts';

const now = new Date('2026-10-30T12:00:00Z');
const next = (cron: string, timezone: string, from = now, count = 3) =>
  nextInstants({ cron, timezone }, from, count);

test.each([
  ['@hourly', '2026-10-30T09:00:00-04:00', '2026-10-30T10:00:00-04:00'],
  ['@daily', '2026-10-31T00:00:00-04:00', '2026-11-01T00:00:00-04:00'],
  ['@weekly', '2026-11-01T00:00:00-04:00', '2026-11-08T00:00:00-05:00'],
  ['@monthly', '2026-11-01T00:00:00-04:00', '2026-12-01T00:00:00-05:00'],
  ['@yearly', '2027-01-01T00:00:00-05:00', '2028-01-01T00:00:00-05:00'],
])('%s is due in its zone, over clock changes', (cron, first, second) => {
  const found = next(cron, 'America/New_York', now, 2);
  expect(found.map(({ local }) => local)).toEqual([first, second]);
});

test.each([
  ['@hourly', '0 * * * *'],
  ['@daily', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@yearly', '0 0 1 1 *'],
])('%s is due as %s is', (name, line) => {
  expect(next(name, 'Australia/Lord_Howe', now, 40)).toEqual(
    next(line, 'Australia/Lord_Howe', now, 40),
  );
});

test('a time that the clock jumps over is due at the first instant after, and said so', () => {
  const found = next('30 2 * * *', 'America/New_York', new Date('2027-03-13T12:00:00Z'), 2);
  expect(found).toEqual([
    {
      at: new Date('2027-03-14T07:00:00Z'),
      local: '2027-03-14T03:00:00-04:00',
      named: '02:30',
      change: 'skipped',
    },
    {
      at: new Date('2027-03-15T06:30:00Z'),
      local: '2027-03-15T02:30:00-04:00',
      named: '02:30',
      change: null,
    },
  ]);
});

test('a time that comes twice is due once, the first time, and said so', () => {
  const found = next('30 1 * * *', 'America/New_York', new Date('2026-10-31T12:00:00Z'), 2);
  expect(found.map(({ local, change }) => [local, change])).toEqual([
    ['2026-11-01T01:30:00-04:00', 'repeated'],
    ['2026-11-02T01:30:00-05:00', null],
  ]);
});

test.each([
  ['59 0 * * *', null],
  ['0 1 * * *', 'repeated'],
  ['59 1 * * *', 'repeated'],
  ['0 2 * * *', null],
])('%s stands outside or inside the repeated hour', (cron, change) => {
  const [first] = next(cron, 'America/New_York', new Date('2026-11-01T04:00:00Z'));
  expect(first?.change).toBe(change);
});

test('the rarest line has five instants: a 29 February that is a Monday', () => {
  const found = next('0 0 29 2 1', 'UTC', now, 5);
  expect(found.map(({ local }) => local.slice(0, 4))).toEqual([
    '2044',
    '2072',
    '2112',
    '2140',
    '2168',
  ]);
});

const between = (min: number, max: number) => fc.integer({ min, max }).map(String);
const field = (min: number, max: number, ...words: string[]) => {
  const value = fc.oneof(between(min, max), fc.constantFrom('*', '?', ...words));
  const range = fc.tuple(value, value).map(([a, b]) => `${a}-${b}`);
  const one = fc.oneof({ weight: 4, arbitrary: value }, range);
  const stepped = fc.tuple(one, between(0, max)).map(([a, step]) => `${a}/${step}`);
  return fc.array(fc.oneof({ weight: 3, arbitrary: one }, stepped), { minLength: 1, maxLength: 3 });
};
const lines = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    field(1, 31, 'L', 'LW', '15W', '31W', 'L-30', 'L-3'),
    field(1, 12, 'jan', 'feb', 'december'),
    field(0, 7, 'sun', 'friday', '5L', '1#5', '0#1'),
  )
  .map((parts) => parts.map((part) => part.join(',')).join(' '));
/** Of these, node-cron itself accepts many that are due on no day. */
const rare = fc
  .tuple(
    fc.constantFrom('1', '29', '31', '1W', '31W', 'L-3', 'L-30'),
    fc.constantFrom('*', '2', '4'),
    fc.constantFrom('*', '1#1', '5#5', '6', '0L'),
  )
  .map((days) => `0 0 ${days.join(' ')}`);
const nicknames = fc.constantFrom(
  '@hourly',
  '@daily',
  '@weekly',
  '@monthly',
  '@yearly',
  '@ANNUALLY',
);
const wild = fc.string({ unit: fc.constantFrom(...'0159*/-,#LW?@ \t'), maxLength: 14 });

test('whatever is accepted has next instants, which are due; nothing else is read', () => {
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.oneof({ weight: 8, arbitrary: lines }, { weight: 2, arbitrary: rare }, nicknames, wild),
      fc.constantFrom('UTC', 'America/New_York', 'Pacific/Chatham', 'Australia/Lord_Howe'),
      fc.date({ min: now, max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }),
      (cron, timezone, from) => {
        if (wrongCron(cron) !== undefined) return;
        accepted += 1;
        const found = next(cron, timezone, from, 2);
        expect(found).toHaveLength(2);
        const [first, second] = found;
        expect(+(first?.at ?? 0)).toBeGreaterThan(+from);
        expect(+(second?.at ?? 0)).toBeGreaterThan(+(first?.at ?? 0));
        const before = new Date(+(first?.at ?? 0) - 1);
        expect(isDueWithin({ cron, timezone }, before, 1)).toBe(true);
        expect(isDueWithin({ cron, timezone }, from, +before - +from)).toBe(false);
      },
    ),
    { numRuns: 400 },
  );
  // About one run in ten is a nickname, and those are always accepted.
  expect(accepted).toBeGreaterThan(10);
});
