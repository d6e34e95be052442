/** What is known of a schedule's ticks when they are decided on. Instants, milliseconds. */
export interface TicksInput {
  /** The ticks due since the last decision and not after `now`, oldest first. */
  readonly due: readonly Date[];
  readonly now: Date;
  readonly catchUpMs: number;
}

/** The tick to run, if any, and those that come to nothing and are to be told of. */
export interface TicksPlan {
  readonly run: { readonly dueAt: Date; readonly trigger: 'schedule' | 'catch-up' } | undefined;
  readonly missed: readonly Date[];
}

/** A tick decided on within this time is on time: reconciling once a minute may be what finds it. */
const onTimeMs = 120_000;

/**
 * The newest tick runs when it is inside the catch-up window; every other one was missed. A tick is
 * inside the window on its last millisecond.
 */
export function planTicks({ due, now, catchUpMs }: TicksInput): TicksPlan {
  const newest = due.at(-1);
  if (newest === undefined) return { run: undefined, missed: [] };
  const lateMs = now.getTime() - newest.getTime();
  if (lateMs > Math.max(catchUpMs, onTimeMs)) return { run: undefined, missed: due };
  const trigger = lateMs <= onTimeMs ? 'schedule' : 'catch-up';
  return { run: { dueAt: newest, trigger }, missed: due.slice(0, -1) };
}
