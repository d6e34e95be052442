import { expect, test } from 'vitest';
import { renderWaivers } from '../../../src/cli/config/render-waivers.ts';
import { aWaiver } from '../../evaluate/waivers/a-waiver.ts';

const now = new Date('2026-11-23T12:00:00Z');
const until = (id: string, instant: string) => aWaiver({ id, expires: new Date(instant) });

test('tells the waivers that have ended and those that end within 30 days, soonest first', () => {
  const waivers = [
    until('far', '2027-06-01T00:00:00Z'),
    until('soon', '2026-12-01T00:00:00Z'),
    until('past', '2026-11-01T00:00:00Z'),
    until('today', '2026-11-24T00:00:00Z'),
  ];
  expect(renderWaivers(waivers, now)).toBe(
    'waivers: past ended after 2026-10-31; today ends after 2026-11-23; soon ends after 2026-11-30',
  );
});

test('a waiver has ended at the end of its day and not before', () => {
  const waiver = [until('W', '2026-11-24T00:00:00Z')];
  const at = (instant: string) => renderWaivers(waiver, new Date(instant));
  expect(at('2026-11-23T23:59:59.999Z')).toBe('waivers: W ends after 2026-11-23');
  expect(at('2026-11-24T00:00:00Z')).toBe('waivers: W ended after 2026-11-23');
});

test('says nothing while all of them live for more than 30 days, or there are none', () => {
  expect(renderWaivers([], now)).toBeUndefined();
  expect(renderWaivers([until('W', '2026-12-23T12:00:00.001Z')], now)).toBeUndefined();
  expect(renderWaivers([until('W', '2026-12-23T12:00:00Z')], now)).toBeDefined();
});

test('names the first twenty and counts the others', () => {
  const many = Array.from({ length: 23 }, (_, n) => until(`W-${n}`, '2026-11-01T00:00:00Z'));
  const line = renderWaivers(many, now) ?? '';
  expect(line.match(/ended/g)).toHaveLength(20);
  expect(line).toMatch(/W-19 ended after 2026-10-31; and 3 more$/);
});
