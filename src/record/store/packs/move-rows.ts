import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, OnMoved, RecordsTransaction } from '../database.ts';
import { storedKeyLists } from './key-lists.ts';
import { type ListedBatch, readListedBatches } from './listed-batches.ts';
import { packResults } from './pack-results.ts';
import { replaceSweepKeyView } from './sweep-key-view.ts';

/** Whether the rows of earlier builds, one per key and sweep, have all moved to packs. */
export async function haveRowsMoved({ db }: Pick<Database, 'db'>): Promise<boolean> {
  const found = await sql<{ moved: boolean }>`
    select attnotnull as moved from pg_attribute
    where attrelid = 'keysweep.sweep_batch'::regclass and attname = 'list_id'
  `.execute(db);
  return found.rows[0]?.moved === true;
}

const sayEveryMs = 10_000;

/**
 * Moves the rows of earlier builds to packs, a sweep per transaction, newest first. After an
 * interruption the next call does the rest. A seal of that time is over the very rows, so it is
 * checked before they move, and `seal.differs` keeps what was found. `onMoved` is called at the
 * beginning, every ten seconds, and at the end, if there is anything to move.
 */
export async function moveRows(
  database: Database,
  onMoved: OnMoved = () => undefined,
): Promise<void> {
  if (await haveRowsMoved(database)) return;
  const of = await countUnmoved(database);
  let moved = 0;
  let saidAt = Number.NEGATIVE_INFINITY;
  const say = () => {
    if (of > 0) onMoved(Math.min(moved, of), of);
    saidAt = performance.now();
  };
  say();
  while (await database.transactLong(moveNewest)) {
    moved += 1;
    if (moved >= of || performance.now() - saidAt >= sayEveryMs) say();
  }
  await database.transactLong(async (tx) => {
    await lockMoving(tx);
    if (await haveRowsMoved({ db: tx })) return;
    await replaceSweepKeyView('moved').execute(tx);
    await sql`
      alter table keysweep.sweep_batch alter column list_id set not null;
      drop index keysweep.sweep_batch_unmoved;
      alter table keysweep.key_result drop column entry_id;
    `.execute(tx);
  });
}

async function countUnmoved({ db }: Database): Promise<number> {
  const { rows } = await sql<{ sweeps: number }>`
    select count(distinct sweep_id)::integer as sweeps from keysweep.sweep_batch
    where list_id is null
  `.execute(db);
  return rows[0]?.sweeps ?? 0;
}

/** Several processes may migrate at once. */
async function lockMoving(tx: RecordsTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('keysweep.packs'))`.execute(tx);
}

/** Returns false if no sweep has rows to move. */
async function moveNewest(tx: RecordsTransaction): Promise<boolean> {
  await lockMoving(tx);
  const { rows } = await sql<MovedSweep>`
    select s.id, s.uuid, s.seed from keysweep.sweep s
    where exists (
      select from keysweep.sweep_batch b where b.sweep_id = s.id and b.list_id is null
    )
    order by s.id desc limit 1
  `.execute(tx);
  const [sweep] = rows;
  if (sweep !== undefined) await moveSweep(tx, sweep);
  return sweep !== undefined;
}

interface MovedSweep {
  readonly id: number;
  readonly uuid: string;
  readonly seed: Uint8Array;
}

async function moveSweep(tx: RecordsTransaction, { id, uuid, seed }: MovedSweep): Promise<void> {
  await sql`select from keysweep.sweep where id = ${id} for update`.execute(tx);
  await checkSeal(tx, id);
  await writeLists(tx, id);
  await removeEmptied(tx, id);
  const done = await readDone(tx, id);
  for (const batch of await readListedBatches(tx, id)) {
    if (done.has(batch.batch))
      await packResults(tx, { ...batch, sweepRow: id, sweepId: uuid, seed });
  }
  await sql`
    delete from keysweep.key_result
    where sweep_id = ${id} and verdict is null and reason is null
  `.execute(tx);
}

/**
 * Removes batches of which somebody removed all rows: the seal differs, and an open sweep waits for
 * none of them.
 */
async function removeEmptied(tx: RecordsTransaction, sweepRow: number): Promise<void> {
  await sql`
    with emptied as (
      delete from keysweep.sweep_batch where sweep_id = ${sweepRow} and list_id is null
      returning done_at
    )
    update keysweep.sweep set open_batches = open_batches - n.open
    from (select count(*)::integer as open from emptied where done_at is null) n
    where id = ${sweepRow} and n.open > 0
  `.execute(tx);
}

async function readDone(tx: RecordsTransaction, sweepRow: number): Promise<ReadonlySet<number>> {
  const { rows } = await sql<Pick<ListedBatch, 'batch'>>`
    select batch from keysweep.sweep_batch where sweep_id = ${sweepRow} and done_at is not null
  `.execute(tx);
  return new Set(rows.map(({ batch }) => batch));
}

async function writeLists(tx: RecordsTransaction, sweepRow: number): Promise<void> {
  const unmoved = sql`
    select batch, key_id, entry_id from keysweep.key_result where sweep_id = ${sweepRow}`;
  await sql`
    with ${storedKeyLists(unmoved)}
    update keysweep.sweep_batch b set list_id = l.list_id from listed l
    where b.sweep_id = ${sweepRow} and b.batch = l.batch
  `.execute(tx);
}

/** Compares the seal with its rows as they are, in the way of the build that sealed them. */
async function checkSeal(tx: RecordsTransaction, sweepRow: number): Promise<void> {
  const hash = createHash('sha256');
  const { rows } = await sql<{ digest: string }>`
    select coalesce(rows.digest, '') as digest
    from keysweep.sweep_batch b
    left join (
      select s.batch, encode(sha256(convert_to(string_agg(
        jsonb_build_array(k.source, k.key_id, s.verdict,
          (extract(epoch from s.observed_at) * 1000000)::bigint,
          (extract(epoch from s.last_used) * 1000000)::bigint,
          encode(o.hash, 'hex'), encode(e.hash, 'hex'), s.judgement)::text,
        E'\n' order by s.key_id), 'UTF8')), 'hex') as digest
      from keysweep.key_result s
      join keysweep.tracked_key k on k.id = s.key_id
      join keysweep.inventory_entry e on e.id = s.entry_id
      left join keysweep.observation o on o.id = s.observation_id
      where s.sweep_id = ${sweepRow} group by s.batch
    ) rows on rows.batch = b.batch
    where b.sweep_id = ${sweepRow} order by b.batch
  `.execute(tx);
  for (const { digest } of rows) hash.update(`${digest}\n`);
  await sql`
    update keysweep.adopted_seal set differs = evidence <> ${hash.digest('hex')}
    where sweep_id = ${sweepRow} and format = 1
  `.execute(tx);
}
