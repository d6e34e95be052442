/** What is known about a schedule's ticks when they are decided on. Instants are milliseconds. */
export interface TicksInput {
  /** The ticks due since the last decision and not after `now`, oldest first. */
  readonly due: readonly Date[];
  /** Ticks decided on before and not opened yet, because the queue or the workers are down, say. */
  readonly waiting: readonly Date[];
  readonly now: Date;
  readonly catchUpMs: number;
  readonly overlap: 'skip' | 'queue';
}

/** The tick to run, if any, and the missed ones, which are to be alerted. */
export interface TicksPlan {
  readonly run: { readonly dueAt: Date; readonly trigger: 'schedule' | 'catch-up' } | undefined;
  readonly missed: readonly Date[];
}

/**
 * A tick decided on within this time is on time: `reconcile`, which runs every minute, may find it.
 */
const onTimeMs = 120_000;

/**
 * The newest tick runs when it is inside the catch-up window; every other one was missed. A tick is
 * inside the window on its last millisecond. A waiting tick was missed too when it is outside the
 * window, or when a newer one runs, unless ticks are queued.
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
