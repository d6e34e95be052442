import { sql } from 'kysely';
import {
  type Anomaly,
  isAnomalous,
  type KeyChangeCounts,
  type PolicyStamp,
  planAnomaly,
  type Turned,
} from '../../alert/plan/plan-anomaly.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { placeOfClosing } from '../store/place-of-closing.ts';
import { wasAlerted } from '../store/was-alerted.ts';
import { type Comparison, comparedKeys, readMissingRow, readRanges } from './compare-sweeps.ts';
import { readSpread } from './read-spread.ts';

/** A closed full sweep that another is compared with. `id` is its row. */
export interface EarlierSweep {
  readonly id: number;
  readonly uuid: string;
  readonly policy: PolicyStamp;
}

/**
 * The full sweep closed last whose changes receivers know and that observed at least half of its
 * keys, including keys that could not be judged. If no such sweep observed half, the last of them
 * counts. Undefined if there is none yet. `sweepRow`: the sweep that is closing.
 */
export async function readBaseline(
  tx: RecordsTransaction,
  sweepRow: number,
): Promise<EarlierSweep | undefined> {
  const alerted = sql`s.id <> ${sweepRow} and ${wasAlerted('s')}`;
  const newest = sql`order by ${placeOfClosing('s')} desc`;
  const observedHalf = sql`s.id = (
    select id from (
      select id, tracked, unknown from keysweep.sweep s
      where s.scope = 'full' and s.closed_at is not null and ${alerted} ${newest} offset 0
    ) alerted where ${hasObservedHalf} limit 1
  )`;
  const [baseline] = await readEarlier(tx, observedHalf);
  if (baseline !== undefined) return baseline;
  const [last] = await readEarlier(tx, sql`${alerted} ${newest} limit 1`);
  return last;
}

/**
 * Whether `alerted` observed half of its keys. They are counted only if its totals do not show it.
 */
const hasObservedHalf = sql`case when alerted.unknown * 2 <= alerted.tracked then true else (
  select count(*) from keysweep.sweep_key k
  where k.sweep_id = alerted.id and k.observation_id is not null
) * 2 >= alerted.tracked end`;

/** The full sweeps whose changes wait, in the order in which they closed. */
export async function readWaitingSweeps(tx: RecordsTransaction): Promise<readonly EarlierSweep[]> {
  return readEarlier(tx, sql`s.held = 'held' order by ${placeOfClosing('s')}`);
}

interface EarlierRow extends PolicyStamp {
  readonly id: number;
  readonly uuid: string;
}

async function readEarlier(tx: RecordsTransaction, which: ReturnType<typeof sql>) {
  const found = await sql<EarlierRow>`
    select s.id, s.uuid, p.version, p.hash
    from keysweep.sweep s join keysweep.policy p on p.id = s.policy_id
    where s.scope = 'full' and s.closed_at is not null and ${which}
  `.execute(tx);
  return found.rows.map(({ id, uuid, version, hash }) => ({ id, uuid, policy: { version, hash } }));
}

/**
 * How a full sweep differs from what was known before: from an earlier sweep or, for each key, from
 * the newest one closed since whose changes receivers know. All keys of the sweep have their
 * verdicts. Keys without an earlier verdict and keys not observed now are left out. `unread`: an
 * observed key that the earlier sweep could not judge counts as one with a verdict.
 */
export async function readChanges(
  tx: RecordsTransaction,
  sweepRow: number,
  earlier: Pick<EarlierSweep, 'id'>,
  unread = false,
): Promise<KeyChangeCounts> {
  const comparisons = await planComparisons(tx, sweepRow, earlier);
  return count(
    tx,
    comparisons.map((comparison) => ({ ...comparison, unread })),
  );
}

/**
 * The anomaly of a full sweep, compared with an earlier one as in `readChanges`. Undefined if there
 * is none, or if `anomaly` is not configured.
 */
export async function readAnomaly(
  tx: RecordsTransaction,
  sweepRow: number,
  earlier: EarlierSweep,
  { anomaly, emptyInventoryFiles }: Pick<Alerting, 'anomaly' | 'emptyInventoryFiles'>,
): Promise<Anomaly | undefined> {
  if (anomaly === undefined) return undefined;
  const comparisons = await planComparisons(tx, sweepRow, earlier);
  const counts = await count(tx, comparisons);
  if (!isAnomalous(counts, anomaly)) return undefined;
  const spread = await readSpread(tx, comparisons);
  const policy = { before: earlier.policy, now: await readPolicy(tx, sweepRow) };
  return planAnomaly({ counts, spread, policy, emptyInventoryFiles }, anomaly);
}

async function planComparisons(
  tx: RecordsTransaction,
  sweep: number,
  { id: earlier }: Pick<EarlierSweep, 'id'>,
): Promise<readonly Comparison[]> {
  const missing = await readMissingRow(tx);
  const ranges = await readRanges(tx, earlier);
  return ranges.map((range) => ({ ...range, sweep, earlier, missing }));
}

const nothing: Turned = { pass: 0, fail: 0, waived: 0, unknown: 0, missing: 0, left: 0 };

async function count(
  tx: RecordsTransaction,
  comparisons: readonly Comparison[],
): Promise<KeyChangeCounts> {
  let compared = 0;
  const turned = { ...nothing };
  for (const comparison of comparisons) {
    const found = await sql<{ turned: keyof Turned | null; keys: number }>`
      select turned, count(*)::integer as keys from ${comparedKeys(comparison)} c group by turned
    `.execute(tx);
    for (const row of found.rows) {
      compared += row.keys;
      if (row.turned !== null) turned[row.turned] += row.keys;
    }
  }
  return { compared, turned };
}

async function readPolicy(tx: RecordsTransaction, sweepRow: number): Promise<PolicyStamp> {
  return tx
    .selectFrom('sweep')
    .innerJoin('policy', 'policy.id', 'sweep.policy_id')
    .select(['policy.version', 'policy.hash'])
    .where('sweep.id', '=', sweepRow)
    .executeTakeFirstOrThrow();
}
