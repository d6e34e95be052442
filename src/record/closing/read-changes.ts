import { sql } from 'kysely';
import {
  type Anomaly,
  isAnomalous,
  type KeyChangeCounts,
  type PolicyStamp,
  planAnomaly,
  type Turned,
} from '../../alert/plan-anomaly.ts';
import type { Alerting } from '../outbox/alerting.ts';
import type { RecordsTransaction } from '../store/database.ts';
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
 * The full sweep closed last whose changes were not held back for good: what receivers were told is
 * what it saw. One before it where it heard of less than half of the keys, for that compares nothing;
 * what was heard of and could not be judged was told so. Undefined where there is none yet.
 * `sweepRow`: the sweep that is closing.
 */
export async function readBaseline(
  tx: RecordsTransaction,
  sweepRow: number,
): Promise<EarlierSweep | undefined> {
  const alerted = sql`s.id <> ${sweepRow} and ${wasAlerted('s')}`;
  const newest = sql`order by s.closed_at desc, s.id desc`;
  const heard = sql`s.id = (
    select id from (
      select id, tracked, unknown from keysweep.sweep s
      where s.scope = 'full' and s.closed_at is not null and ${alerted} ${newest} offset 0
    ) alerted where ${heardOfHalf} limit 1
  )`;
  const [baseline] = await readEarlier(tx, heard);
  if (baseline !== undefined) return baseline;
  const [deaf] = await readEarlier(tx, sql`${alerted} ${newest} limit 1`);
  return deaf;
}

/** Of `alerted`, in this order: the keys of a sweep are counted only where it does not go without. */
const heardOfHalf = sql`case when alerted.unknown * 2 <= alerted.tracked then true else (
  select count(*) from keysweep.sweep_key k
  where k.sweep_id = alerted.id and k.observation_id is not null
) * 2 >= alerted.tracked end`;

/** The full sweeps whose changes wait, in the order in which they closed. */
export async function readWaitingSweeps(tx: RecordsTransaction): Promise<readonly EarlierSweep[]> {
  return readEarlier(tx, sql`s.held = 'held' order by s.closed_at, s.id`);
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
 * How a full sweep differs from an earlier one and those closed and told since, whichever of them said
 * something of a key last. All keys of the sweep have their verdicts. Not compared: keys that had
 * none before, and keys that nothing was learned of now. `unread`: an earlier one that heard of a key
 * and could not judge it has said that.
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
 * What is anomalous about a full sweep, compared with an earlier one as `readChanges` does;
 * undefined when nothing is, or when nobody asked for it to be looked for.
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
