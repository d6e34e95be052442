/** The facts about a schedule's ticks from which `planTicks` decides. */
export interface TicksInput {
  /** The ticks due since the last decision and not after `now`, oldest first. */
  readonly due: readonly Date[];
  /** Ticks decided on before but not opened yet, such as when the queue or all workers are down. */
  readonly waiting: readonly Date[];
  readonly now: Date;
  readonly catchUpMs: number;
  readonly overlap: 'skip' | 'queue';
}

/** The tick to run, if any, and the missed ones, which will be alerted. */
export interface TicksPlan {
  readonly run: { readonly dueAt: Date; readonly trigger: 'schedule' | 'catch-up' } | undefined;
  readonly missed: readonly Date[];
}

/** A tick decided on within this time is on time, because `reconcile` looks only every minute. */
const onTimeMs = 120_000;

/**
 * The newest tick runs if it is inside the catch-up window; every other due tick was missed. The
 * window includes its last millisecond. A waiting tick was missed if it is outside the window, or
 * if a newer one runs and `overlap` is `skip`.
 */
export function planTicks(input: TicksInput): TicksPlan {
  const { due, waiting, now, overlap } = input;
  const lateMs = (tick: Date) => now.getTime() - tick.getTime();
  const isOpen = (tick: Date) => lateMs(tick) <= Math.max(input.catchUpMs, onTimeMs);
  const newest = due.at(-1);
  const runs = newest !== undefined && isOpen(newest);
  const overtaken = waiting.filter((tick) => !isOpen(tick) || (runs && overlap === 'skip'));
  if (!runs) return { run: undefined, missed: [...overtaken, ...due] };
  const trigger = lateMs(newest) <= onTimeMs ? 'schedule' : 'catch-up';
  return { run: { dueAt: newest, trigger }, missed: [...overtaken, ...due.slice(0, -1)] };
}
