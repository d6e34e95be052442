import { sql } from 'kysely';
import type { Observation } from '../../keys/observation.ts';
import { advanceKeys } from '../findings/advance-keys.ts';
import type {
  BatchOutcome,
  ClaimedBatch,
  JudgedKey,
  UnansweredKey,
} from '../store/claimed-batch.ts';
import { reasonCode, verdictCode } from '../store/codes.ts';
import type { Database, RecordsTransaction } from '../store/database.ts';
import { LeaseLost } from '../store/errors.ts';
import { isRefusedData } from '../store/is-refused-data.ts';
import { toContent } from '../store/observation-content.ts';
import { storeJudgement } from '../store/stored-judgement.ts';
import { storeObservations } from './store-observations.ts';

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
export async function recordBatch(
  database: Database,
  batch: ClaimedBatch,
  outcome: BatchOutcome,
): Promise<RecordedBatch> {
  try {
    return await recordAll(database, batch, outcome);
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    await recordHalves(database, batch, outcome.judged);
    return recordAll(database, batch, { ...outcome, judged: [] });
  }
}

function recordAll(
  database: Database,
  batch: ClaimedBatch,
  { judged, unanswered, sourceRefused, retryInMs }: BatchOutcome,
): Promise<RecordedBatch> {
  return database.transact(async (tx) => {
    await assertHeld(tx, batch);
    if (judged.length > 0) await writeJudged(tx, batch, judged);
    if (sourceRefused) await refuseSource(tx, batch);
    await countAttempts(tx, batch, unanswered);
    const [first] = unanswered;
    return finish(tx, batch, first && { ...first, retryInMs });
  });
}

/** Writes verdicts of a batch whose row the transaction has locked. */
export async function recordHeld(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  judged: readonly JudgedKey[],
): Promise<RecordedBatch> {
  if (judged.length > 0) await writeJudged(tx, batch, judged);
  return finish(tx, batch);
}

async function recordJudged(
  database: Database,
  batch: ClaimedBatch,
  judged: readonly JudgedKey[],
): Promise<void> {
  const write = (keys: readonly JudgedKey[]) =>
    database.transact(async (tx) => {
      await assertHeld(tx, batch);
      await writeJudged(tx, batch, keys);
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

async function writeJudged(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  judged: readonly JudgedKey[],
): Promise<void> {
  const contents = judged.map(({ observation }) => toContent(observation));
  const observationIds = await storeObservations(tx, contents);
  const rows = judged.map((key, index) => {
    const { observation, judgement } = key;
    return {
      key,
      row: key.pending.row,
      verdict: verdictCode(judgement.verdict),
      observation_id: observationIds.get(contents[index]?.hash ?? '') ?? null,
      observed_at: observation.at,
      last_used: lastUsedOf(observation),
      judgement: storeJudgement(judgement),
    };
  });
  const written = await sql<{ row: number }>`
    update keysweep.sweep_key s
    set verdict = n.verdict, observation_id = n.observation_id, observed_at = n.observed_at,
      last_used = n.last_used, judgement = n.judgement, reason = null
    from jsonb_to_recordset(${JSON.stringify(rows.map(({ key: _, ...row }) => row))}::jsonb)
      as n (row integer, verdict smallint, observation_id integer, observed_at timestamptz,
        last_used timestamptz, judgement jsonb)
    ${matchingPending(batch)}
    returning s.key_id as row
  `.execute(tx);
  // A key that has its verdict already keeps it, and so do its findings.
  const kept = new Set(written.rows.map(({ row }) => row));
  const settled = rows.filter(({ row }) => kept.has(row));
  await advanceKeys(
    tx,
    batch,
    settled.map(({ key, observation_id: content }) => ({ key, content })),
  );
}

export function lastUsedOf(observation: Observation): Date | null {
  return observation.kind === 'present' ? (observation.details.lastUsed ?? null) : null;
}

/** Locks the batch's row, so that a worker that takes it over waits for this transaction. */
async function assertHeld(tx: RecordsTransaction, batch: ClaimedBatch): Promise<void> {
  const held = await sql`
    select from keysweep.sweep_batch
    where sweep_id = ${batch.sweepRow} and batch = ${batch.batch} and fence = ${batch.fence}
      and done_at is null
    for update
  `.execute(tx);
  if (held.rows.length === 0) throw new LeaseLost(batch.sweepId, batch.batch);
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
    update keysweep.sweep_key s set attempts = n.attempts, reason = n.reason
    from unnest(
      ${unanswered.map((key) => key.pending.row)}::integer[],
      ${unanswered.map((key) => key.attempts)}::integer[],
      ${unanswered.map((key) => reasonCode(key.reason))}::integer[]
    ) as n (row, attempts, reason)
    ${matchingPending(batch)}
  `.execute(tx);
}

/**
 * Joins the rows `n` to their pending rows `s`, one by one through the primary key: `sweepRows`
 * explains why the planner has no choice.
 */
function matchingPending({ sweepRow }: ClaimedBatch) {
  return sql`cross join lateral (
      select k.ctid from keysweep.sweep_key k
      where k.sweep_id = ${sweepRow} and k.key_id = n.row and k.verdict is null offset 0
    ) pending
    where s.ctid = pending.ctid`;
}

/** A key that a batch waits for, and for how long. */
interface AskedAgain extends UnansweredKey {
  readonly retryInMs: number;
}

function describeWait({ pending, reason, detail }: AskedAgain): string {
  return JSON.stringify({ keyId: pending.key.keyId, reason, detail });
}

/** Ends the lease. If no key is pending, marks the batch as done and counts it off the sweep. */
async function finish(
  tx: RecordsTransaction,
  batch: ClaimedBatch,
  again?: AskedAgain,
): Promise<RecordedBatch> {
  const waitsFor = again === undefined ? null : describeWait(again);
  const retryInMs = again?.retryInMs ?? null;
  const { sweepRow, batch: number } = batch;
  const finished = await sql<{ pending: number; open: number | null }>`
    with counted as (
      select count(*)::integer as pending from keysweep.sweep_key s
      where s.sweep_id = ${sweepRow} and s.batch = ${number} and s.verdict is null
        and s.key_id >= (select first_key from keysweep.sweep_batch
          where sweep_id = ${sweepRow} and batch = ${number})
        and s.key_id <= (select last_key from keysweep.sweep_batch
          where sweep_id = ${sweepRow} and batch = ${number})
    ), released as (
      update keysweep.sweep_batch set leased_until = null, pending = (select pending from counted),
        waits_for = ${waitsFor}::jsonb,
        asked_again_at = clock_timestamp() + ${retryInMs}::float8 * interval '1 millisecond',
        done_at = case when (select pending from counted) = 0 then clock_timestamp() end
      where sweep_id = ${sweepRow} and batch = ${number}
    ), ended as (
      update keysweep.sweep set open_batches = open_batches - 1
      where id = ${sweepRow} and (select pending from counted) = 0 returning open_batches
    )
    select pending, (select open_batches from ended) as open from counted
  `.execute(tx);
  const { pending = 0, open = null } = finished.rows[0] ?? {};
  return { pending, last: open === 0 };
}
