import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { JobContext } from '../../jobs/context.ts';
import { pruneEvidenceJob } from '../../jobs/prune-evidence.ts';
import { queueAlerts } from '../../jobs/queueing/queue-alerts.ts';
import { queueTicks } from '../../jobs/queueing/queue-ticks.ts';
import { reconcileJob } from '../../jobs/reconcile.ts';
import type { Config } from '../config/config.ts';
import { jobId } from '../queue/job-id.ts';
import type { Database } from '../record/store/database.ts';
import { isPassingFailure } from '../record/store/is-passing-failure.ts';
import { nameRefusal } from '../record/store/probe-write.ts';
import { readDatabaseTimes } from '../record/sweeps/unfinished.ts';
import { isDueWithin } from '../schedule/is-due-within.ts';
import type { Look } from '../schedule/start-clock.ts';
import { createClockNotes } from './clock-notes.ts';
import { decideDueTicks, readableSchedules } from './decide-due-ticks.ts';

/** When old evidence is removed. */
const quietHour = { cron: '17 4 * * *', timezone: 'UTC' };

interface LookContext extends Pick<JobContext, 'database' | 'alerting' | 'enqueue'> {
  readonly config: Pick<Config, 'schedules'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Lets all delayed jobs run now. */
  promote(): Promise<void>;
}

/** What the clock does at each look: opens ticks, and requests the chores. */
export function createLook(context: LookContext): Look {
  const { database, config, alerting, enqueue, log } = context;
  const schedules = readableSchedules(config.schedules, log);
  const notes = createClockNotes(schedules, context);
  let last: Date | undefined;
  const look = async () => {
    const { now, reconciledAt } = await readDatabaseTimes(database);
    const decided = await decideDueTicks(database, schedules, alerting, log);
    // A tick that was decided on before the clock was set back may have the same id but for this.
    await queueTicks(decided.ticks, `at-${now.getTime()}`, context);
    await queueAlerts(decided.alerts, context);
    await notes.take(now, decided);
    // The first look of a process is for work that was lost with the process before.
    const id =
      last === undefined ? jobId.once('reconcile', randomUUID()) : nextId(now, reconciledAt);
    if (id !== undefined) await enqueue(reconcileJob, { id, payload: {} });
    if (last !== undefined && isDueWithin(quietHour, last, now.getTime() - last.getTime())) {
      await enqueue(pruneEvidenceJob, { id: jobId.minutely('prune', now), payload: {} });
    }
    last = now;
    return now;
  };
  return () => look().catch((error) => rejectNamed(database, error));
}

/** The server's own code alone would not say whose it is. */
function rejectNamed(database: Database, error: unknown): Promise<never> {
  const rejected = Promise.reject(error);
  return isPassingFailure(error) ? nameRefusal(database, rejected) : rejected;
}

/** One `reconcile` a minute is enough for all processes; undefined if it has run in this one. */
function nextId(now: Date, reconciledAt: Date | null): string | undefined {
  const minute = Math.floor(now.getTime() / 60_000) * 60_000;
  const ran = reconciledAt?.getTime() ?? 0;
  if (ran >= minute && ran <= now.getTime()) return undefined;
  return jobId.reconcile(now, new Date(ran));
}
