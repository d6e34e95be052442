import { sql } from 'kysely';
import type {
  BatchOutcome,
  ClaimedBatch,
  JudgedKey,
  UnansweredKey,
} from '../store/claimed-batch.ts';
import { reasonCode } from '../store/codes.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { LeaseLost } from '../store/errors.ts';
import { isRefusedData } from '../store/is-refused-data.ts';
import { packResults, resultsOf } from '../store/packs/pack-results.ts';
import { findRowsByIndex } from '../store/postgres/rows-by-index.ts';
import { packJudged, writeResults } from './write-results.ts';

/** `pending`: keys of the batch without a verdict. `last`: no batch of the sweep is open now. */
export interface RecordedBatch {
  readonly pending: number;
  readonly last: boolean;
}

/**
 * Writes a worker's results for its batch. If the database refuses data, halving finds the key,
 * which becomes unknown; the others keep their results. Throws `LeaseLost` and writes nothing if
 * another worker has taken the batch.
 */
export function recordBatch(
  database: Database,
  batch: ClaimedBatch,
  outcome: BatchOutcome,
): Promise<RecordedBatch> {
  return findRowsByIndex(async () => {
    try {
      return await recordAll(database, batch, outcome);
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      await recordHalves(database, batch, outcome.judged);
      return recordAll(database, batch, { ...outcome, judged: [] });
    }
  });
}

function recordAll(
  database: Database,
  batch: ClaimedBatch,
  { judged, unanswered, sourceRefused, retryInMs }: BatchOutcome,
): Promise<RecordedBatch> {
  return database.transact(async (tx) => {
    const isFresh = await assertHeld(tx, batch);
    if (sourceRefused) await refuseSource(tx, batch);
    const areAll = judged.length === batch.list.keys.length;
    if (isFresh && areAll) {
      await packJudged(tx, batch, judged);
      return markFinished(tx, batch);
    }
    if (judged.length > 0) await writeResults(tx, batch, judged);
    await countAttempts(tx, batch, unanswered);
    return finish(tx, batch, { unanswered, retryInMs });
  });
}

/** Writes verdicts of a batch whose row the transaction has locked. */
export async function recordHeld(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  judged: readonly JudgedKey[],
): Promise<RecordedBatch> {
  if (judged.length > 0) await writeResults(tx, batch, judged);
  return finish(tx, batch, { unanswered: [], retryInMs: 0 });
}

async function recordJudged(
  database: Database,
  batch: ClaimedBatch,
  judged: readonly JudgedKey[],
): Promise<void> {
  const write = (keys: readonly JudgedKey[]) =>
    database.transact(async (tx) => {
      await assertHeld(tx, batch);
      await writeResults(tx, batch, keys);
    });
  try {
    await write(judged);
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    const [only] = judged;
    if (judged.length === 1 && only !== undefined) await write([asUnstorable(only)]);
    else await recordHalves(database, batch, judged);
  }
}

async function recordHalves(
  database: Database,
  batch: ClaimedBatch,
  judged: readonly JudgedKey[],
): Promise<void> {
  const half = Math.ceil(judged.length / 2);
  await recordJudged(database, batch, judged.slice(0, half));
  if (half < judged.length) await recordJudged(database, batch, judged.slice(half));
}

function asUnstorable(key: JudgedKey): JudgedKey {
  const detail = 'the database cannot hold what the vendor answered';
  const reason = 'invalid-response';
  return {
    pending: key.pending,
    observation: { kind: 'unknown', at: key.observation.at, reason, detail },
    judgement: {
      verdict: 'unknown',
      violations: [],
      unjudged: [{ rule: null, reason, fields: [], because: { said: detail } }],
      known: false,
      waiverChanges: [],
    },
  };
}

/**
 * Locks the batch's row, so that a worker that takes it over waits for this transaction. Returns
 * whether nothing was recorded about any of its keys yet.
 */
async function assertHeld(tx: RecordsTransaction, batch: ClaimedBatch): Promise<boolean> {
  const held = await sql<{ fresh: boolean }>`
    select not exists (select from keysweep.key_result r where ${resultsOf(batch)}) as fresh
    from keysweep.sweep_batch
    where sweep_id = ${batch.sweepRow} and batch = ${batch.batch} and fence_token = ${batch.fence}
      and done_at is null
    for update
  `.execute(tx);
  const [row] = held.rows;
  if (row === undefined) throw new LeaseLost(batch.sweepId, batch.batch);
  return row.fresh;
}

async function refuseSource(tx: RecordsTransaction, batch: ClaimedBatch): Promise<void> {
  await sql`
    update keysweep.sweep set refused_sources = refused_sources || ${batch.source}::text
    where id = ${batch.sweepRow} and not (${batch.source}::text = any (refused_sources))
  `.execute(tx);
}

async function countAttempts(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  unanswered: readonly UnansweredKey[],
): Promise<void> {
  if (unanswered.length === 0) return;
  await sql`
    insert into keysweep.key_result as r (sweep_id, batch, key_id, attempts, reason)
    select ${batch.sweepRow}, ${batch.batch}, n.* from unnest(
      ${unanswered.map((key) => key.pending.row)}::integer[],
      ${unanswered.map((key) => key.attempts)}::integer[],
      ${unanswered.map((key) => reasonCode(key.reason))}::integer[]
    ) as n
    on conflict (sweep_id, key_id) do update
      set attempts = excluded.attempts, reason = excluded.reason
    where r.verdict is null
  `.execute(tx);
}

/** The keys that a batch still waits for, and for how long. */
type AskedAgain = Pick<BatchOutcome, 'unanswered' | 'retryInMs'>;

function describeWait({ pending, reason, detail }: UnansweredKey): string {
  return JSON.stringify({ keyId: pending.key.keyId, reason, detail });
}

/** Ends the lease. If no key is pending, packs the batch and counts it off the sweep. */
async function finish(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  { unanswered, retryInMs }: AskedAgain,
): Promise<RecordedBatch> {
  const judged = await sql<{ count: number }>`
    select count(*)::integer as count from keysweep.key_result r
    where ${resultsOf(batch)} and r.verdict is not null
  `.execute(tx);
  const pending = batch.list.keys.length - (judged.rows[0]?.count ?? 0);
  if (pending === 0) {
    await packResults(tx, batch);
    return markFinished(tx, batch);
  }
  const [first] = unanswered;
  const failed = unanswered.reduce((sum, key) => sum + key.attempts - key.pending.attempts, 0);
  await sql`
    update keysweep.sweep_batch set leased_until = null, pending = ${pending},
      waits_for = ${first === undefined ? null : describeWait(first)}::jsonb,
      attempts = attempts + ${failed},
      asked_again_at = clock_timestamp()
        + ${first === undefined ? null : retryInMs}::float8 * interval '1 millisecond'
    where sweep_id = ${batch.sweepRow} and batch = ${batch.batch}
  `.execute(tx);
  return { pending, last: false };
}

/** Marks the batch as done and counts it off the sweep. */
async function markFinished(tx: RecordsTransaction, batch: ClaimedBatch): Promise<RecordedBatch> {
  const finished = await sql<{ open: number }>`
    with released as (
      update keysweep.sweep_batch set leased_until = null, pending = 0, waits_for = null,
        asked_again_at = null, done_at = clock_timestamp()
      where sweep_id = ${batch.sweepRow} and batch = ${batch.batch}
    )
    update keysweep.sweep set open_batches = open_batches - 1
    where id = ${batch.sweepRow} returning open_batches as open
  `.execute(tx);
  return { pending: 0, last: finished.rows[0]?.open === 0 };
}
