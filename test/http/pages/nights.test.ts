import { describe, expect, test } from 'vitest';
import { NightsArea } from '../../../src/http/pages/charts/nights-area.tsx';
import { planNights } from '../../../src/http/pages/nights/plan-nights.ts';
import { renderAgo } from '../../../src/http/pages/parts/render-ago.ts';
import type { NightSweep } from '../../../src/record/reads/pages/read-nights.ts';

const now = new Date('2026-11-29T09:00:00Z');
const newYork = { timezone: 'America/New_York', now, days: 90 };

function aNight(at: string, difference: Partial<NightSweep> = {}): NightSweep {
  const counts = { tracked: 10, pass: 6, fail: 4, waived: 0, unknown: 0, simulated: false };
  const closedAt = new Date(at);
  return { id: at, at: closedAt, closedAt, status: 'complete', ...counts, ...difference };
}

describe('a night', () => {
  test('is a day of the zone of the schedule', () => {
    const sweeps = [aNight('2026-11-28T04:59:59Z'), aNight('2026-11-28T05:00:00Z')];
    const nights = planNights({ sweeps, lost: [] }, newYork);
    expect(nights.map(({ day, state }) => [day, state])).toEqual([
      ['2026-11-27', 'complete'],
      ['2026-11-28', 'complete'],
      ['2026-11-29', 'none'],
    ]);
  });

  test('shows the full sweep that closed last, whatever was missed on that day', () => {
    const first = new Date('2026-11-29T06:00:00Z');
    const lost = [
      { schedule: 's', outcome: 'missed' as const, first, last: first, simulated: false },
    ];
    const sweeps = [
      aNight('2026-11-29T06:30:00Z'),
      aNight('2026-11-29T08:00:00Z', { status: 'incomplete' }),
    ];
    expect(planNights({ sweeps, lost }, newYork)).toMatchObject([
      { day: '2026-11-29', state: 'incomplete', sweep: { id: '2026-11-29T08:00:00Z' } },
    ]);
  });

  test('is missed on each day of a run of missed ticks', () => {
    const [first, last] = [new Date('2026-11-26T08:00:00Z'), new Date('2026-11-28T08:00:00Z')];
    const nights = planNights(
      { sweeps: [], lost: [{ schedule: 's', outcome: 'missed', first, last, simulated: true }] },
      newYork,
    );
    expect(nights.map(({ state }) => state)).toEqual(['missed', 'missed', 'missed', 'none']);
    expect(nights.map(({ simulated }) => simulated)).toEqual([true, true, true, undefined]);
  });

  test('is one of at most as many as are asked for', () => {
    const sweeps = [aNight('2026-01-01T08:00:00Z'), aNight('2026-11-28T08:00:00Z')];
    expect(planNights({ sweeps, lost: [] }, newYork)).toHaveLength(90);
  });
});

describe('the chart of nights', () => {
  const draw = (states: readonly ('complete' | 'incomplete' | 'missed')[]) =>
    String(
      NightsArea({
        label: 'nights',
        nights: states.map((state, n) => ({
          ...{ day: `day ${n}`, state },
          sweep: state === 'missed' ? undefined : aNight(`2026-11-0${n + 1}T00:00:00Z`),
        })),
      }),
    );
  /** How many shapes the failing keys have. */
  const shapes = (svg: string) => (/<path d="([^"]*)"/.exec(svg)?.[1] ?? '').split('M').length - 1;

  test('draws complete nights that follow each other as one shape', () => {
    expect(shapes(draw(['complete', 'complete', 'complete']))).toBe(1);
  });

  test('has a gap for a missed night, and shows an incomplete one apart', () => {
    expect(shapes(draw(['complete', 'missed', 'complete']))).toBe(2);
    expect(shapes(draw(['complete', 'incomplete', 'complete']))).toBe(3);
  });

  test('draws keys as parts of all keys', () => {
    // 4 of 10 keys fail: 0.4 of the height from 160 up to 4.
    expect(draw(['complete'])).toContain('M1 97.6L5 97.6L9 97.6L9 160L5 160L1 160Z');
  });

  test('can be drawn of no nights, and of a fleet without keys', () => {
    expect(draw([])).not.toMatch(/NaN|Infinity/);
    const none = { tracked: 0, pass: 0, fail: 0 };
    const sweep = aNight('2026-11-01T00:00:00Z', none);
    const nights = [{ day: 'd', state: 'complete' as const, sweep }];
    expect(String(NightsArea({ label: '', nights }))).not.toMatch(/NaN|Infinity/);
  });
});

test.each([
  [0, 'now'],
  [59_999, 'now'],
  [60_000, '1 min ago'],
  [3_599_999, '59 min ago'],
  [3_600_000, '1 h ago'],
  [2 * 86_400_000 - 1, '47 h ago'],
  [2 * 86_400_000, '2 days ago'],
  [-90_000, 'in 1 min'],
  [-5 * 86_400_000, 'in 5 days'],
])('%i ms before now is %s', (ms, words) => {
  expect(renderAgo(new Date(now.getTime() - ms), now)).toBe(words);
});
