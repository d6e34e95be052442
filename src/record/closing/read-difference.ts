import { sql } from 'kysely';
import type { Alerting } from '../outbox/alerting.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { comparesEnough, type Difference } from './plan-holding.ts';
import { type EarlierSweep, readAnomaly, readBaseline, readChanges } from './read-changes.ts';

/**
 * Compares a full sweep with the last one whose changes receivers know, and with the one held last.
 * Undefined if `anomaly` is not configured or there is no earlier sweep.
 * `held`: the sweeps whose changes wait, locked by the caller.
 */
export async function readDifference(
  tx: RecordsTransaction,
  sweepRow: number,
  held: readonly EarlierSweep[],
  alerting: Alerting,
): Promise<Difference | undefined> {
  if (alerting.anomaly === undefined) return undefined;
  const baseline = await readBaseline(tx, sweepRow);
  if (baseline === undefined) return undefined;
  const anomaly = await readAnomaly(tx, sweepRow, baseline, alerting);
  const last = held.at(-1);
  if (last === undefined) return { anomaly, beside: undefined };
  // Compared with the baseline: the held sweep has no verdict of keys that left or are unreadable.
  const { compared } = anomaly ?? (await readChanges(tx, sweepRow, baseline));
  const comparedThen = await readCompared(tx, last);
  const counts = { compared, comparedThen };
  const isOpen = anomaly !== undefined && comparesEnough(counts);
  const since = isOpen ? await readChanges(tx, sweepRow, last, true) : undefined;
  return { anomaly, beside: { ...counts, since } };
}

async function readCompared(tx: RecordsTransaction, { id }: EarlierSweep): Promise<number> {
  const held = await sql<{ compared: number | null }>`
    select (anomaly->>'compared')::integer as compared from keysweep.sweep where id = ${id}
  `.execute(tx);
  return held.rows[0]?.compared ?? 0;
}
