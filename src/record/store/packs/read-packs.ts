import { type RawBuilder, sql } from 'kysely';
import type { JsonValue } from '../../../evidence/canonical-json.ts';
import type { Pack, PackedKey } from '../../../evidence/pack.ts';
import type { Records } from '../database.ts';
import { listHashInSql } from './key-lists.ts';

/** Packs per statement: PGlite blocks the process while one runs. */
const packsAtOnce = 25;

/**
 * A key as a JSON array, because drivers take twice as long for as many columns: its row, its
 * entry, its observation and the hash of that, the verdict, two instants in milliseconds, the
 * judgement, its name, and the hash of its entry. Hashes are in hex.
 */
type KeyRow = readonly [
  key: number,
  entry: number,
  observation: number | null,
  contentHash: string | null,
  verdict: number,
  observedAt: number | null,
  lastUsed: number | null,
  judgement: JsonValue,
  keyId: string,
  entryHash: string,
];

interface PackRow {
  readonly sweep: string;
  readonly batch: number;
  readonly source: string;
  readonly list_hash: Uint8Array;
  readonly keys: readonly KeyRow[];
}

/**
 * The packs of a sweep in the order of its batches, read from what they hold and refer to now: the
 * hash of a key list is made anew from the names and entries of its keys.
 */
export async function* readPacks(db: Records, sweepRow: number): AsyncIterable<Pack> {
  for (let after = -1; ; ) {
    const rows = await readSome(
      db,
      sql`select * from keysweep.pack where sweep_id = ${sweepRow} and batch > ${after}
        order by batch limit ${packsAtOnce}`,
    );
    for (const row of rows) yield toPack(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < packsAtOnce) return;
    after = last.batch;
  }
}

/** A pack by its row. */
export interface PackPlace {
  readonly sweepRow: number;
  readonly batch: number;
}

/**
 * These packs, read in the same way, in any order and as far as they are there. The planner gets no
 * choice: it would open all packs that there are, and take these from them.
 */
export async function* readPacksAt(db: Records, places: readonly PackPlace[]): AsyncIterable<Pack> {
  for (let at = 0; at < places.length; at += packsAtOnce) {
    const some = places.slice(at, at + packsAtOnce);
    const sweeps = some.map(({ sweepRow }) => sweepRow);
    const batches = some.map(({ batch }) => batch);
    const rows = await readSome(
      db,
      sql`select p.* from unnest(${sweeps}::integer[], ${batches}::integer[]) as n (sweep_id, batch)
        join keysweep.pack p on p.sweep_id = n.sweep_id and p.batch = n.batch offset 0`,
    );
    for (const row of rows) yield toPack(row);
  }
}

async function readSome(db: Records, which: RawBuilder<unknown>): Promise<readonly PackRow[]> {
  const { rows } = await sql<PackRow>`
    select w.uuid as sweep, b.batch, b.source, now.list_hash, now.keys
    from (
      ${which}
    ) p
    join keysweep.sweep_batch b on b.sweep_id = p.sweep_id and b.batch = p.batch
    join keysweep.sweep w on w.id = b.sweep_id
    join keysweep.key_list l on l.id = b.list_id
    cross join lateral (
      select
        ${listHashInSql(sql`s.n`)} as list_hash,
        json_agg(json_build_array(s.key_id, s.entry_id, s.observation_id, encode(o.hash, 'hex'),
          s.verdict, s.observed_ms + (extract(epoch from p.observed_from) * 1000)::bigint,
          (extract(epoch from s.last_used) * 1000)::bigint, s.judgement, k.key_id,
          encode(e.hash, 'hex')) order by s.n) as keys
      from unnest(l.key_ids, l.entry_ids, p.observation_ids, p.verdicts, p.observed_ms,
          p.last_used, p.judgements) with ordinality
        as s (key_id, entry_id, observation_id, verdict, observed_ms, last_used, judgement, n)
      join keysweep.tracked_key k on k.id = s.key_id
      join keysweep.inventory_entry e on e.id = s.entry_id
      left join keysweep.observation o on o.id = s.observation_id
    ) now
    order by b.batch
  `.execute(db);
  return rows;
}

function toPack({ list_hash: listHash, keys, ...named }: PackRow): Pack {
  return { ...named, listHash: Buffer.from(listHash), keys: keys.map(toPackedKey) };
}

function toPackedKey(row: KeyRow): PackedKey {
  const [key, entry, observation, contentHash, verdict, observedAt, lastUsed, judgement] = row;
  const [keyId, entryHash] = row.slice(8) as [string, string];
  return {
    ...{ key, keyId, entry, entryHash: Buffer.from(entryHash, 'hex') },
    ...{ observation, verdict, judgement },
    contentHash: contentHash === null ? null : Buffer.from(contentHash, 'hex'),
    observedAt: observedAt === null ? null : new Date(observedAt),
    lastUsed: lastUsed === null ? null : new Date(lastUsed),
  };
}
