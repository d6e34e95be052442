import type { Config, ScheduleConfig } from '../config/config.ts';
import type { Alerting } from '../record/outbox/alerting.ts';
import type { WrittenAlert } from '../record/outbox/write-alerts.ts';
import type { Database } from '../record/store/database.ts';
import { type DueTick, decideTicks, type TicksState } from '../record/sweeps/ticks.ts';
import { dueInstants } from '../schedule/due-instants.ts';
import { planTicks } from '../schedule/plan-ticks.ts';
import { readCron } from '../schedule/read-cron.ts';
import { createWallClock } from '../schedule/wall-clock.ts';

/** If this process's clock is ahead of the database's by less than this, its tick counts as due. */
const skewMs = 60_000;

/** The ticks to open, and the alerts on those that were missed. */
export interface DueTicks {
  readonly ticks: readonly DueTick[];
  readonly alerts: readonly WrittenAlert[];
}

/**
 * Decides on the due ticks of the schedule that `fired`, or of all. `fired.at` is when node-cron
 * fired, by this process's clock. The caller opens the ticks; they stay recorded if that fails.
 */
export async function decideDueTicks(
  database: Database,
  { schedules }: Pick<Config, 'schedules'>,
  alerting: Alerting,
  fired?: { readonly schedule: string; readonly at: Date },
): Promise<DueTicks> {
  const ticks: DueTick[] = [];
  const alerts: WrittenAlert[] = [];
  for (const schedule of schedules) {
    if (fired !== undefined && fired.schedule !== schedule.id) continue;
    const decided = await decideTicks(database, schedule.id, alerting, (state) =>
      plan(schedule, { ...state, now: latest(state.now, fired?.at) }),
    );
    if (decided.run !== undefined) ticks.push(decided.run);
    alerts.push(...decided.alerts);
  }
  return { ticks, alerts };
}

function plan(schedule: ScheduleConfig, { decidedUntil, now, waiting }: TicksState) {
  const { cron, timezone, catchUpMs, overlap } = schedule;
  const due = dueInstants(readCron(cron), createWallClock(timezone), decidedUntil, now);
  return planTicks({ due, waiting, now, catchUpMs, overlap });
}

function latest(now: Date, fired: Date | undefined): Date {
  const ahead = fired === undefined ? 0 : fired.getTime() - now.getTime();
  return fired !== undefined && ahead > 0 && ahead < skewMs ? fired : now;
}
