import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { TrackedKey } from '../../keys/tracked-key.ts';
import { compareCodePoints } from '../../text/compare-code-points.ts';
import type { RecordsTransaction } from '../store/database.ts';
import { compareInventory, type HeldInventory, type Inventory } from './compare-inventory.ts';

/** PGlite blocks the process while a statement runs: 5,000 rows keep that to some milliseconds. */
const chunk = 5_000;

/**
 * Makes `tracked_key` agree with the inventory: new keys are added, changed keys point at their new
 * entry, and keys that left are marked untracked (their history stays). Does nothing if the
 * inventory is the one mirrored last. Changes nothing and returns the reason if the inventory is
 * held, unless it was `accepted`. One at a time, under a lock that the transaction holds.
 */
export async function mirrorInventory(
  tx: RecordsTransaction,
  inventory: Inventory,
  accepted: boolean,
): Promise<HeldInventory | undefined> {
  await sql`select pg_advisory_xact_lock(hashtext('keysweep.inventory'))`.execute(tx);
  const compared = await compareInventory(tx, inventory);
  if (compared.kind === 'mirrored') return undefined;
  if (compared.kind === 'held' && !accepted) return compared.held;
  await mirror(tx, inventory);
  return undefined;
}

async function mirror(tx: RecordsTransaction, inventory: Inventory): Promise<void> {
  await sql`
    create temporary table mirrored (
      place integer generated always as identity (start 0 minvalue 0) primary key,
      source text collate "C", key_id text collate "C", entry_id integer
    ) on commit drop
  `.execute(tx);
  const keys = inNameOrder(inventory.keys);
  const entries = await storeEntries(tx, keys);
  for (let at = 0; at < keys.length; at += chunk) {
    await stage(tx, keys.slice(at, at + chunk), entries);
  }
  await sql`analyze pg_temp.mirrored`.execute(tx);
  await lockChanged(tx);
  for (let at = 0; at < keys.length; at += chunk) await mirrorStaged(tx, at);
  await untrackOthers(tx);
  await sql`
    insert into keysweep.inventory (hash) values (${inventory.hash})
    on conflict (single) do update set hash = excluded.hash, mirrored_at = now()
  `.execute(tx);
}

/** Reports list keys by name: with rows in that order, a page of a report is in few packs. */
function inNameOrder(keys: readonly TrackedKey[]): readonly TrackedKey[] {
  return keys.toSorted(
    (a, b) => compareCodePoints(a.source, b.source) || compareCodePoints(a.keyId, b.keyId),
  );
}

/** Stores each distinct entry of owner, environment, scopes and tags once; returns ids by hash. */
async function storeEntries(
  tx: RecordsTransaction,
  keys: readonly TrackedKey[],
): Promise<ReadonlyMap<string, number>> {
  const distinct = new Map(keys.map((key) => [entryHash(key), key]));
  const hashes = [...distinct.keys()].sort();
  const ids = new Map<string, number>();
  for (let at = 0; at < hashes.length; at += chunk) {
    const some = hashes.slice(at, at + chunk).map((hash) => ({ hash, ...entryOf(distinct, hash) }));
    await sql`
      insert into keysweep.inventory_entry (hash, owner, environment, approved_scopes, tags)
      select decode(hash, 'hex'), owner, environment, approved, coalesce(tags, '{}')
      from jsonb_to_recordset(${JSON.stringify(some)}::jsonb)
        as e (hash text, owner text, environment text, approved text[], tags text[])
      on conflict (hash) do nothing
    `.execute(tx);
    const found = await sql<{ id: number; hash: string }>`
      select id, encode(hash, 'hex') as hash from keysweep.inventory_entry
      where hash in (select decode(h, 'hex') from unnest(${some.map((one) => one.hash)}::text[]) h)
    `.execute(tx);
    for (const row of found.rows) ids.set(row.hash, row.id);
  }
  return ids;
}

function entryOf(distinct: ReadonlyMap<string, TrackedKey>, hash: string) {
  const key = distinct.get(hash);
  return {
    owner: key?.owner ?? null,
    environment: key?.environment ?? null,
    approved: key?.approvedScopes ?? null,
    tags: key?.tags ?? [],
  };
}

function entryHash(key: TrackedKey): string {
  const stated = JSON.stringify([key.owner, key.environment, key.approvedScopes, key.tags]);
  return createHash('sha256').update(stated).digest('hex');
}

async function stage(
  tx: RecordsTransaction,
  keys: readonly TrackedKey[],
  entries: ReadonlyMap<string, number>,
): Promise<void> {
  const sources = keys.map((key) => key.source);
  const ids = keys.map((key) => key.keyId);
  const entryIds = keys.map((key) => entries.get(entryHash(key)) ?? 0);
  await sql`
    insert into pg_temp.mirrored (source, key_id, entry_id)
    select * from unnest(${sources}::text[], ${ids}::text[], ${entryIds}::integer[])
  `.execute(tx);
}

/** Locks in the order of the ids, as recording workers do, so that the two cannot deadlock. */
async function lockChanged(tx: RecordsTransaction): Promise<void> {
  await sql`
    select count(*) from (
      select from keysweep.tracked_key k
      left join pg_temp.mirrored m on m.source = k.source and m.key_id = k.key_id
      where (k.untracked_at is null) <> (m.source is not null) or k.entry_id <> m.entry_id
      order by k.id for no key update of k
    ) changed
  `.execute(tx);
}

/**
 * Uses separate statements, because an insert with “on conflict” would also lock unchanged rows, in
 * another order than the workers do.
 */
async function mirrorStaged(tx: RecordsTransaction, from: number): Promise<void> {
  const staged = sql`m.place >= ${from} and m.place < ${from + chunk}`;
  await sql`
    update keysweep.tracked_key k set entry_id = m.entry_id, untracked_at = null,
      tracked_at = case when k.untracked_at is null then k.tracked_at else now() end
    from pg_temp.mirrored m
    where ${staged} and k.source = m.source and k.key_id = m.key_id
      and (k.entry_id <> m.entry_id or k.untracked_at is not null)
  `.execute(tx);
  await sql`
    insert into keysweep.tracked_key (source, key_id, entry_id)
    select m.source, m.key_id, m.entry_id from pg_temp.mirrored m
    where ${staged} and not exists (
      select from keysweep.tracked_key k where k.source = m.source and k.key_id = m.key_id
    )
    order by m.place
  `.execute(tx);
}

async function untrackOthers(tx: RecordsTransaction): Promise<void> {
  await sql`
    update keysweep.tracked_key k set untracked_at = now()
    where k.untracked_at is null and not exists (
      select from pg_temp.mirrored m where m.source = k.source and m.key_id = k.key_id
    )
  `.execute(tx);
}
