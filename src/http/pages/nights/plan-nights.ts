import type { NightSweep, PastNights } from '../../../record/reads/pages/read-nights.ts';
import { markSimulated, type SimulatedMark } from '../../../report/simulated.ts';
import { createWallClock } from '../../../timing/wall-clock.ts';

/** What became of a local day. `none`: nothing was due. */
export interface CalendarNight extends SimulatedMark {
  /** `2026-11-23`. */
  readonly day: string;
  readonly state: 'complete' | 'incomplete' | 'missed' | 'skipped' | 'none';
  /** The full sweep of that day that closed last. */
  readonly sweep: NightSweep | undefined;
}

const dayMs = 86_400_000;

const nothingDue = { state: 'none', sweep: undefined } as const;

/**
 * The last `days` local days until `now`, oldest first, without those before the first of which
 * anything is known. A sweep counts for the day on which it was due.
 */
export function planNights(
  { sweeps, lost }: PastNights,
  { timezone, now, days }: { readonly timezone: string; readonly now: Date; readonly days: number },
): readonly CalendarNight[] {
  const clock = createWallClock(timezone);
  const dayOf = (at: Date) => Math.floor((at.getTime() + clock.offsetAt(at.getTime())) / dayMs);
  const last = dayOf(now);
  const known = new Map<number, Omit<CalendarNight, 'day'>>();
  for (const { outcome, first, last: to, simulated } of lost) {
    const from = Math.max(dayOf(first), last - days + 1);
    for (let day = from; day <= Math.min(dayOf(to), last); day += 1) {
      known.set(day, { state: outcome, sweep: undefined, ...markSimulated(simulated) });
    }
  }
  for (const sweep of sweeps) {
    const { status: state, simulated } = sweep;
    known.set(dayOf(sweep.at), { state, sweep, ...markSimulated(simulated) });
  }
  const firstKnown = Math.min(last, ...known.keys());
  const from = Math.max(firstKnown, last - days + 1);
  return Array.from({ length: last - from + 1 }, (_, n) => {
    const day = new Date((from + n) * dayMs).toISOString().slice(0, 10);
    return { day, ...(known.get(from + n) ?? nothingDue) };
  });
}
