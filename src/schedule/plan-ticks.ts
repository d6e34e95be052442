import type { DueTicks, TickRun } from '../timing/due-instants.ts';

/** The facts about a schedule's ticks from which `planTicks` decides. */
export interface TicksInput {
  /** The ticks due since the last decision and not after `now`. */
  readonly due: DueTicks | undefined;
  /** Ticks decided on before but not opened yet, such as when the queue or all workers are down. */
  readonly waiting: readonly Date[];
  readonly now: Date;
  readonly catchUpMs: number;
  readonly overlap: 'skip' | 'queue';
}

/** The tick to run, if any, and the missed ones, which will be alerted. */
export interface TicksPlan {
  readonly run: { readonly dueAt: Date; readonly trigger: 'schedule' | 'catch-up' } | undefined;
  /** Waiting ticks that were missed, oldest first. */
  readonly overtaken: readonly Date[];
  /** Due ticks that were missed. */
  readonly missed: TickRun | undefined;
}

/** A tick decided on within this time is on time, because the clock looks only every minute. */
const onTimeMs = 120_000;

/**
 * The newest tick runs if it is inside the catch-up window; every other due tick was missed. The
 * window includes its last millisecond. A waiting tick was missed if it is outside the window, or
 * if a newer one runs and `overlap` is `skip`.
 */
export function planTicks({ due, waiting, now, catchUpMs, overlap }: TicksInput): TicksPlan {
  const lateMs = (tick: Date) => now.getTime() - tick.getTime();
  const isOpen = (tick: Date) => lateMs(tick) <= Math.max(catchUpMs, onTimeMs);
  const runs = due !== undefined && isOpen(due.newest);
  const overtaken = waiting.filter((tick) => !isOpen(tick) || (runs && overlap === 'skip'));
  if (due === undefined) return { run: undefined, overtaken, missed: undefined };
  const { newest, before } = due;
  if (!runs) return { run: undefined, overtaken, missed: withNewest(due) };
  const trigger = lateMs(newest) <= onTimeMs ? 'schedule' : 'catch-up';
  return { run: { dueAt: newest, trigger }, overtaken, missed: before };
}

function withNewest({ newest, before }: DueTicks): TickRun {
  return { count: (before?.count ?? 0) + 1, first: before?.first ?? newest, last: newest };
}

/**
 * If the last decision was made this long after the database's time, its clock was set back. Smaller
 * steps, which time servers make, only delay the next tick by as much.
 */
export const setBackMs = 120_000;
