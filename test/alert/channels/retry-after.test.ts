import { expect, test } from 'vitest';
import { parseRetryAfter } from '../../../src/alert/channels/retry-after.ts';

const now = new Date('2026-11-23T10:00:00Z');
const parse = (header: string | undefined) => parseRetryAfter(header, now);

test('reads seconds, at most a day', () => {
  expect(parse('0')).toBe(0);
  expect(parse(' 120 ')).toBe(120_000);
  expect(parse('86401')).toBe(86_400_000);
  expect(parse('999999999999999')).toBe(86_400_000);
});

test('reads a date, and one that has passed as now', () => {
  expect(parse('Mon, 23 Nov 2026 10:01:00 GMT')).toBe(60_000);
  expect(parse('Mon, 23 Nov 2026 09:59:00 GMT')).toBe(0);
});

test.each([undefined, '', '-5', '1.5', 'soon', '2026-11-23T10:01:00Z', '1e3'])(
  'takes no notice of %s',
  (header) => {
    expect(parse(header)).toBeUndefined();
  },
);
