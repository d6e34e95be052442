import { expect, test } from 'vitest';
import { bareSpan, parseMoment } from '../../src/policy-test/moment.ts';

const at = new Date('2026-11-23T12:00:00Z');

test.each([
  ['now', '2026-11-23T12:00:00.000Z'],
  ['1s ago', '2026-11-23T11:59:59.000Z'],
  ['45d ago', '2026-10-09T12:00:00.000Z'],
  ['44d 23h 59m 59s ago', '2026-10-09T12:00:01.000Z'],
  ['in 5m 1s', '2026-11-23T12:05:01.000Z'],
  ['2026-01-01T00:00:00+01:00', '2025-12-31T23:00:00.000Z'],
])('%s is a moment', (text, instant) => {
  expect(parseMoment(text, at)?.toISOString()).toBe(instant);
});

test.each([
  '45d',
  '45 d ago',
  'in 5m ago',
  '0d ago',
  '1.5d ago',
  '-1d ago',
  '36501d ago',
  'ago',
  'in',
  '1d 1d 1d 1d 1d 1d 1d ago',
  ' 1d ago',
  '2026-02-30T00:00:00Z',
  'never',
  '',
])('“%s” is none', (text) => {
  expect(parseMoment(text, at)).toBeUndefined();
});

test('a span without a direction is told from other texts', () => {
  expect(['45d', '45d 1s', '1w'].every((text) => bareSpan.test(text))).toBe(true);
  expect(['45d ago', 'in 45d', 'yesterday', '45'].some((text) => bareSpan.test(text))).toBe(false);
});
