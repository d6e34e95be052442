import { describe, expect, test } from 'vitest';
import { restrictsBothDays, wrongCron, wrongTimeZone } from '../../src/config/cron.ts';

describe('cron lines', () => {
  test.each([
    ...['30 2 * * *', '*/5 * * * *', '0 0 L * *', '0  3 * * *', ' 0 3 * * * ', '0 0 29 2 1'],
    ...['@hourly', '@daily', '@weekly', '@monthly', '@yearly', '@Daily'],
  ])('%j is one', (line) => expect(wrongCron(line)).toBeUndefined());
  test.each([
    ...['', '* * * *', '60 * * * *', '0 24 * * *', 'daily', '0 0 31 2 *', '@reboot', '@daily 1'],
    ...['0 0 2 * * *', '* * * * * *', '0 0 2 * * * 2027'],
  ])('%j is none', (line) => expect(wrongCron(line)).toMatch(/^is not a cron line/));
  test.each(['0 0 L-30 2 *', '0 0 31W 2 *', '0 0 1 * 5#5', '0 0 1W * 6', '0 0 29 2 1#1'])(
    '%s is none, because no day fits it',
    (line) => expect(wrongCron(line)).toMatch(/: no day fits/),
  );
  test.each([
    ['0 0 2 * * *', '0 2 * * *'],
    ['*/10 30 2 * * mon-fri', '30 2 * * mon-fri'],
  ])('%s has seconds, and would be %s without', (line, without) => {
    expect(wrongCron(line)).toMatch(/it has 6 fields; a field for seconds is not supported/);
    expect(wrongCron(line)).toContain(`without seconds it is "${without}"`);
  });
  test('a line with seconds that is none without either gets no such hint', () => {
    expect(wrongCron('0 30 2 * * mon fri')).not.toContain('without seconds');
    expect(wrongCron('0 99 2 * * mon')).not.toContain('without seconds');
  });
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
