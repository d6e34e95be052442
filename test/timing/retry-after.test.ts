import { expect, test } from 'vitest';
import { parseRetryAfter } from '../../src/timing/retry-after.ts';

const hourMs = 3_600_000;
const now = Date.parse('2026-11-20T02:30:00Z');
const date = (ms: number) => new Date(ms).toUTCString();

const parse = (header: string | undefined, answered?: string) =>
  parseRetryAfter(header, { date: answered, nowMs: now }, hourMs);

test('reads seconds', () => {
  expect(parse('2')).toBe(2_000);
  expect(parse(' 0 ')).toBe(0);
});

test('reads a date against our clock', () => {
  expect(parse(date(now + 5_000))).toBe(5_000);
});

test('reads a date against the answer’s own clock where it tells it', () => {
  const skewed = now + 86_400_000;
  expect(parse(date(skewed + 5_000), date(skewed))).toBe(5_000);
});

test('a date that has passed means at once', () => {
  expect(parse(date(now - 5_000))).toBe(0);
});

test('asks for no longer than is allowed', () => {
  expect(parse('3600')).toBe(hourMs);
  expect(parse('3601')).toBe(hourMs);
  expect(parse('999999999999999')).toBe(hourMs);
  expect(parse(date(now + 1e12))).toBe(hourMs);
});

test.each([undefined, '', '-1', '1.5', '1e3', 'soon', '2026-11-20', 'Fri, 99 Nov 2026'])(
  '%s is unreadable',
  (header) => {
    expect(parse(header)).toBeUndefined();
  },
);
