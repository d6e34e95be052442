import { sql } from 'kysely';
import type { RecordsTransaction } from '../store/database.ts';
import type { PlannedChangeAlerts } from './plan-change-alerts.ts';
import type { EarlierSweep } from './read-changes.ts';

/** Marks a sweep's changes as held, and stores its anomaly. */
export async function holdChanges(
  tx: RecordsTransaction,
  sweepRow: number,
  anomaly: NonNullable<PlannedChangeAlerts['held']>,
): Promise<void> {
  await tx
    .updateTable('sweep')
    .set({ held: 'held', anomaly: JSON.stringify(anomaly) })
    .where('id', '=', sweepRow)
    .execute();
}

/** Stores how the holding of these sweeps ended. */
export async function endHolding(
  tx: RecordsTransaction,
  sweeps: readonly Pick<EarlierSweep, 'id'>[],
  how: 'released' | 'confirmed' | 'withdrawn',
): Promise<void> {
  if (sweeps.length === 0) return;
  await tx
    .updateTable('sweep')
    .set({ held: how, held_ended_at: sql<Date>`clock_timestamp()` })
    .where(
      'id',
      'in',
      sweeps.map(({ id }) => id),
    )
    .execute();
}
