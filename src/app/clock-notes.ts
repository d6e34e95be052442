import type { Logger } from 'pino';
import type { ScheduleConfig } from '../config/config.ts';
import type { Database } from '../record/store/database.ts';
import { pullBackTimes } from '../record/sweeps/pull-back-times.ts';
import { setBackMs } from '../schedule/plan-ticks.ts';
import { watchClock } from '../timing/watch-clock.ts';
import type { DecidedSchedules } from './decide-due-ticks.ts';

export interface ClockNotesContext {
  readonly database: Database;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  promote(): Promise<void>;
}

/** What an operator should know after a look. */
export function createClockNotes(
  schedules: readonly ScheduleConfig[],
  { database, log, promote }: ClockNotesContext,
) {
  const ofDatabase = watchClock();
  const ofProcess = watchClock();
  const queued = schedules.filter(({ overlap }) => overlap === 'queue').map(({ id }) => id);
  const waiting = new Map<string, number>();

  const noteStep = async (now: Date, setBack: readonly string[]) => {
    const [databaseMs, processMs] = [ofDatabase(now), ofProcess(new Date())];
    const isStep = databaseMs > setBackMs || processMs > setBackMs || setBack.length > 0;
    if (!isStep) return;
    const by = { databaseMs: Math.round(databaseMs), processMs: Math.round(processMs) };
    log.warn(
      { ...by, schedules: setBack },
      'the clock was set back; nothing waits for its old time',
    );
    await pullBackTimes(database);
    await promote();
  };

  const noteWaiting = (counts: ReadonlyMap<string, number>) => {
    const changed = queued
      .map((schedule) => ({ schedule, waiting: counts.get(schedule) ?? 0 }))
      .filter(({ schedule, waiting: count }) => count !== (waiting.get(schedule) ?? 0));
    for (const one of changed) {
      waiting.set(one.schedule, one.waiting);
      if (one.waiting === 0) log.info(one, 'no tick waits any more');
      else log.warn(one, 'ticks wait for the sweep before them to end');
    }
  };

  return {
    async take(now: Date, decided: DecidedSchedules): Promise<void> {
      noteWaiting(decided.waiting);
      await noteStep(now, decided.setBack);
    },
  };
}
