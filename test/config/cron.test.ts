import { describe, expect, test } from 'vitest';
import { restrictsBothDays, wrongCron, wrongTimeZone } from '../../src/config/cron.ts';

describe('cron lines', () => {
  test.each(['30 2 * * *', '*/5 * * * *', '0 0 2 * * *', '@daily', '0 0 L * *'])(
    '%s is one',
    (line) => expect(wrongCron(line)).toBeUndefined(),
  );
  test.each(['', '* * * *', '60 * * * *', '0 24 * * *', 'daily', '0 0 31 2 *', '@reboot'])(
    '%j is none',
    (line) => expect(wrongCron(line)).toMatch(/^is not a cron line/),
  );
  test.each([
    ['* * * *', /: it has 4 fields; it needs five fields \(minute, .*such as "30 2 \* \* \*"/],
    ['daily', /: it has 1 field; .*@daily/],
    ['@reboot', /: it needs five fields .*@daily/],
    ['0 24 * * *', /: hour "24" must be of 0 to 23, with ranges/],
    ['0 0 31 2 *', /: no month that it names has a day "31"$/],
    ['0 x * * foo', /: hour "x" must .*; day of the week "foo" must be of 0 to 7 or sun to sat/],
  ])('of %j it is said what is wrong', (line, words) => expect(wrongCron(line)).toMatch(words));
  test.each(['0 0 1 * 1', '0 0 1-15 * mon-fri', '0 0 L * 1'])('%s restricts both days', (line) =>
    expect(restrictsBothDays(line)).toBe(true),
  );
  test.each(['0 0 * * 1', '0 0 1 * *', '0 0 1-31 * 1', '0 0 ? * 1', 'no cron'])(
    '%s does not',
    (line) => expect(restrictsBothDays(line)).toBe(false),
  );
});

describe('time zones', () => {
  test.each(['UTC', 'America/New_York', 'Pacific/Chatham', 'europe/berlin'])('%s is one', (name) =>
    expect(wrongTimeZone(name)).toBeUndefined(),
  );
  test.each(['', 'Mars/Olympus', '+05:00', '-03', 'UTC+1'])('%j is none', (name) =>
    expect(wrongTimeZone(name)).toBeDefined(),
  );
});
