/** A schedule as `keysweep schedules` lists it. */
export interface ListedSchedule {
  readonly id: string;
  readonly cron: string;
  readonly timezone: string;
  /** The next instants at which it is due, oldest first. */
  readonly next: readonly NextInstant[];
}

/** An instant at which a schedule will be due. */
export interface NextInstant {
  readonly at: Date;
  /** The local time at that instant, such as `2026-11-29T02:30:00-05:00`. */
  readonly local: string;
  /** The local time that the cron line names, such as `02:30`. */
  readonly named: string;
  /**
   * `skipped`: the clock jumps over the time of the cron line, so the schedule is due at the first
   * instant after. `repeated`: the time comes twice, and the schedule is due the first time.
   */
  readonly change: 'skipped' | 'repeated' | null;
}

const words = {
  skipped: (named: string) => `the clock jumps over ${named}: due at the first instant after`,
  repeated: (named: string) => `${named} comes twice: due once, the first time`,
} as const;

/** What a clock change does to an instant, in words; empty if there is none. */
export function describeClockChange({ change, named }: NextInstant): string {
  return change === null ? '' : words[change](named);
}
