import { expect, test } from 'vitest';
import { parseRetryAfter } from '../../src/flexcharge/retry-after.ts';

const now = Date.parse('2026-11-20T02:30:00Z');
const date = (ms: number) => new Date(ms).toUTCString();

test('reads seconds', () => {
  expect(parseRetryAfter('2', undefined, now)).toBe(2_000);
  expect(parseRetryAfter(' 0 ', undefined, now)).toBe(0);
});

test('reads a date against our clock', () => {
  expect(parseRetryAfter(date(now + 5_000), undefined, now)).toBe(5_000);
});

test('reads a date against the answer’s own clock where it tells it', () => {
  const skewed = now + 86_400_000;
  expect(parseRetryAfter(date(skewed + 5_000), date(skewed), now)).toBe(5_000);
});

test('a date that has passed means at once', () => {
  expect(parseRetryAfter(date(now - 5_000), undefined, now)).toBe(0);
});

test('waits an hour and no longer', () => {
  expect(parseRetryAfter('3600', undefined, now)).toBe(3_600_000);
  expect(parseRetryAfter('3601', undefined, now)).toBe(3_600_000);
  expect(parseRetryAfter(date(now + 1e12), undefined, now)).toBe(3_600_000);
});

test.each([undefined, '', '-1', '1.5', 'soon', '2026-11-20', '99999999999', 'Fri, 99 Nov 2026'])(
  '%s is unreadable',
  (header) => {
    expect(parseRetryAfter(header, undefined, now)).toBeUndefined();
  },
);
