import type { ScheduleConfig } from '../config/config.ts';
import { dueInstants } from '../timing/due-instants.ts';
import { readCron } from '../timing/read-cron.ts';
import { createWallClock } from '../timing/wall-clock.ts';

/** One night of the past that the demo begins with. */
export interface PastNight {
  readonly dueAt: Date;
  /** `missed`: no sweep was opened. `cut`: the vendor did not answer for some keys. */
  readonly kind: 'swept' | 'missed' | 'cut';
}

const nights = 60;
/** Counted from the oldest, 0. */
const missedNight = 21;
const cutNight = 38;

const dayMs = 86_400_000;
/** More than the nights, because the schedule may leave days out. */
const lookBackMs = 2 * nights * dayMs;

/** The last nights of a schedule before the day of `now` in its time zone, oldest first. */
export function listNights(
  { cron, timezone }: Pick<ScheduleConfig, 'cron' | 'timezone'>,
  now: Date,
): readonly PastNight[] {
  const clock = createWallClock(timezone);
  const wall = now.getTime() + clock.offsetAt(now.getTime());
  const until = new Date(clock.instantOf(Math.floor(wall / dayMs) * dayMs) - 1);
  const from = new Date(until.getTime() - lookBackMs);
  const due = [...dueInstants(readCron(cron), clock, from, until)].slice(-nights);
  return due.map(({ at }, index) => ({ dueAt: new Date(at), kind: kindOf(index) }));
}

function kindOf(index: number): PastNight['kind'] {
  if (index === missedNight) return 'missed';
  return index === cutNight ? 'cut' : 'swept';
}
