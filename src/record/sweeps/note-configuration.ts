import type { Config, ScheduleConfig } from '../../config/config.ts';
import { logGone, logIfChanged, readFacts } from '../log/log-changes.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { noteSchedules } from './ticks.ts';

/**
 * Records the schedules, and tells the log which of them are new, have changed or are gone, and how
 * long evidence is kept.
 */
export async function noteConfiguration(
  database: Database,
  { schedules, retentionMs }: Pick<Config, 'schedules' | 'retentionMs'>,
): Promise<void> {
  await database.transact(async (tx) => {
    await noteSchedules({ db: tx }, schedules);
    const retention = { kind: 'retention', name: '', value: String(retentionMs) } as const;
    await logIfChanged(tx, retention, { event: 'retention-set', retentionMs });
    for (const schedule of schedules) await logSchedule(tx, schedule);
    const known = new Set(schedules.map(({ id }) => id));
    for (const { name } of await readFacts(tx, 'schedule')) {
      if (known.has(name)) continue;
      const gone = { kind: 'schedule', name } as const;
      await logGone(tx, gone, { event: 'schedule-removed', schedule: name });
    }
  });
}

/** Ticks are due from the instant of the leaf on: the schedule may have run elsewhere before. */
async function logSchedule(tx: RecordsTransaction, schedule: ScheduleConfig): Promise<void> {
  const { id, cron, timezone, catchUpMs, overlap, deadlineMs } = schedule;
  const said = { cron, timezone, catchUpMs, overlap, deadlineMs };
  const fact = { kind: 'schedule', name: id, value: JSON.stringify(said) } as const;
  await logIfChanged(tx, fact, { event: 'schedule-set', schedule: id, ...said });
}
