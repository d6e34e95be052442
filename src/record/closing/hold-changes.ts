import { sql } from 'kysely';
import { type Anomaly, isAnomalous } from '../../alert/plan-anomaly.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { type EarlierSweep, readAnomaly, readBaseline, readChanges } from './read-changes.ts';

/** What becomes of a full sweep's changes, and of those that were held before it. */
export type Holding =
  /** Told; `confirmed`: so are those of these sweeps now. */
  | { readonly kind: 'alert'; readonly confirmed: readonly EarlierSweep[] }
  /** Told but for what has gone back to what it was before these sweeps. */
  | { readonly kind: 'recovered'; readonly withdrawn: readonly EarlierSweep[] }
  | { readonly kind: 'hold'; readonly anomaly: Anomaly };

/**
 * Compares a full sweep with what was told last. One that does not differ much is told, and what was
 * held before it has gone back. One that does is held, unless the sweep held last saw the same. What
 * was held goes on waiting where this sweep has heard of too few keys to tell.
 * `held`: the sweeps whose changes wait, locked by whoever calls.
 */
export async function decideHolding(
  tx: RecordsTransaction,
  sweepRow: number,
  held: readonly EarlierSweep[],
  alerting: Alerting,
): Promise<Holding> {
  const { anomaly: config } = alerting;
  if (config === undefined) return { kind: 'alert', confirmed: held };
  const baseline = await readBaseline(tx, sweepRow);
  if (baseline === undefined) return { kind: 'alert', confirmed: held };
  const anomaly = await readAnomaly(tx, sweepRow, baseline, alerting);
  const last = held.at(-1);
  if (last === undefined || !(await isWitness(tx, sweepRow, { anomaly, baseline, last }))) {
    return anomaly === undefined ? { kind: 'alert', confirmed: [] } : { kind: 'hold', anomaly };
  }
  if (anomaly === undefined) return { kind: 'recovered', withdrawn: held };
  const since = await readChanges(tx, sweepRow, last, true);
  return isAnomalous(since, config)
    ? { kind: 'hold', anomaly }
    : { kind: 'alert', confirmed: held };
}

/**
 * Whether a sweep has heard of enough keys to say anything of a held one: compared with what was told,
 * of half as many as that. On the night of an outage nothing has changed, and nothing is confirmed by
 * that. Not compared with the held one itself: of keys that left or cannot be read that has no verdict.
 */
async function isWitness(
  tx: RecordsTransaction,
  sweepRow: number,
  {
    anomaly,
    baseline,
    last,
  }: {
    readonly anomaly: Anomaly | undefined;
    readonly baseline: EarlierSweep;
    readonly last: EarlierSweep;
  },
): Promise<boolean> {
  const { compared } = anomaly ?? (await readChanges(tx, sweepRow, baseline));
  const held = await sql<{ compared: number | null }>`
    select (anomaly->>'compared')::integer as compared from keysweep.sweep where id = ${last.id}
  `.execute(tx);
  return compared * 2 >= (held.rows[0]?.compared ?? 0);
}

/** Holds back what the sweep changed. Returns how many changes wait. */
export async function holdChanges(
  tx: RecordsTransaction,
  sweepRow: number,
  anomaly: Anomaly,
): Promise<number> {
  const counted = await sql<{ held: number }>`
    select count(*)::integer as held from keysweep.finding_event
    where sweep_id = ${sweepRow} and planned_at is null and kind <> 'waived'
  `.execute(tx);
  const held = counted.rows[0]?.held ?? 0;
  await tx
    .updateTable('sweep')
    .set({ held: 'held', anomaly: JSON.stringify({ ...anomaly, held }) })
    .where('id', '=', sweepRow)
    .execute();
  return held;
}

/** Says how the waiting of these sweeps' changes ended. */
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
