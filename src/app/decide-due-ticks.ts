import type { Logger } from 'pino';
import type { ScheduleConfig } from '../config/config.ts';
import type { Alerting } from '../record/outbox/alerting.ts';
import type { WrittenAlert } from '../record/outbox/write-alerts.ts';
import type { Database } from '../record/store/database.ts';
import { type DueTick, decideTicks, type TicksState } from '../record/sweeps/ticks.ts';
import { planTicks } from '../schedule/plan-ticks.ts';
import { countDue } from '../timing/due-instants.ts';
import { type CronTimes, readCron } from '../timing/read-cron.ts';
import { createWallClock } from '../timing/wall-clock.ts';

/** The ticks to open, and the alerts on those that were missed. */
export interface DecidedSchedules {
  readonly ticks: readonly DueTick[];
  readonly alerts: readonly WrittenAlert[];
  /** The schedules that were decided on in what is now the future. */
  readonly setBack: readonly string[];
  /** By schedule: how many ticks wait because the sweep before them is open. */
  readonly waiting: ReadonlyMap<string, number>;
}

/** A schedule with its cron line, read. */
export interface ReadableSchedule extends ScheduleConfig {
  readonly times: CronTimes;
}

/** The schedules whose cron line can be read. The others are reported, and stop none of these. */
export function readableSchedules(
  schedules: readonly ScheduleConfig[],
  log: Pick<Logger, 'error'>,
): readonly ReadableSchedule[] {
  return schedules.flatMap((schedule) => {
    try {
      return [{ ...schedule, times: readCron(schedule.cron) }];
    } catch {
      log.error(
        { schedule: schedule.id },
        'the cron line of a schedule cannot be read: it never runs',
      );
      return [];
    }
  });
}

/**
 * Decides on the due ticks of all schedules. One that cannot be decided on is reported by itself,
 * and the others are still decided on. Throws if that happens to two, because then the database is
 * the likely cause. The caller opens the ticks; they stay recorded if that fails.
 */
export async function decideDueTicks(
  database: Database,
  schedules: readonly ReadableSchedule[],
  alerting: Alerting,
  log: Pick<Logger, 'error'>,
): Promise<DecidedSchedules> {
  const ticks: DueTick[] = [];
  const alerts: WrittenAlert[] = [];
  const setBack: string[] = [];
  const waiting = new Map<string, number>();
  const failed: string[] = [];
  for (const schedule of schedules) {
    const { id } = schedule;
    const plan = (state: TicksState) => planFor(schedule, state);
    const decided = await decideTicks(database, id, alerting, plan).catch((error: CodedError) => {
      if (failed.push(id) > 1) throw error;
      log.error({ schedule: id, code: error.code ?? error.name }, 'a schedule was not decided on');
      return undefined;
    });
    if (decided === undefined) continue;
    if (decided.run !== undefined) ticks.push(decided.run);
    alerts.push(...decided.alerts);
    if (decided.setBack) setBack.push(id);
    waiting.set(id, decided.waiting);
  }
  return { ticks, alerts, setBack, waiting };
}

type CodedError = Error & { readonly code?: string };

function planFor(
  { times, timezone, catchUpMs, overlap }: ReadableSchedule,
  { decidedUntil, now, waiting }: TicksState,
) {
  const due = countDue(times, createWallClock(timezone), decidedUntil, now);
  return planTicks({ due, waiting, now, catchUpMs, overlap });
}
