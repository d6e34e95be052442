import { sql } from 'kysely';
import type { RecordsTransaction } from '../../store/database.ts';
import { compareInventory, type HeldInventory, type Inventory } from './compare-inventory.ts';
import { stageInventory } from './stage-inventory.ts';

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

async function mirror(tx: RecordsTransaction, { hash, keys }: Inventory): Promise<void> {
  await stageInventory(tx, keys);
  const changes = (await lockChanged(tx)) > 0;
  for (let at = 0; at < keys.count; at += chunk) {
    if (changes) await updateStaged(tx, at);
    await insertStaged(tx, at);
  }
  if (changes) await untrackOthers(tx);
  await sql`
    insert into keysweep.inventory (hash) values (${hash})
    on conflict (single) do update set hash = excluded.hash, mirrored_at = now()
  `.execute(tx);
}

/**
 * Locks the rows that change, and returns how many these are. In the order of the ids, as recording
 * workers do, so that the two cannot deadlock.
 */
async function lockChanged(tx: RecordsTransaction): Promise<number> {
  const { rows } = await sql<{ keys: number }>`
    select count(*)::integer as keys from (
      select from keysweep.tracked_key k
      left join pg_temp.mirrored m on m.source = k.source and m.key_id = k.key_id
      where (k.untracked_at is null) <> (m.source is not null) or k.entry_id <> m.entry_id
      order by k.id for no key update of k
    ) changed
  `.execute(tx);
  return rows[0]?.keys ?? 0;
}

const stagedFrom = (from: number) => sql`m.place >= ${from} and m.place < ${from + chunk}`;

/**
 * Arrays and “offset 0” leave the planner no choice: it read all tracked keys for each part of the
 * inventory, which took a third of the opening of a million keys.
 */
async function updateStaged(tx: RecordsTransaction, from: number): Promise<void> {
  await sql`
    with changed as materialized (
      select k.id, m.entry_id from pg_temp.mirrored m
      cross join lateral (
        select id, entry_id, untracked_at from keysweep.tracked_key
        where source = m.source and key_id = m.key_id offset 0
      ) k
      where ${stagedFrom(from)} and (k.entry_id <> m.entry_id or k.untracked_at is not null)
    )
    update keysweep.tracked_key k set entry_id = n.entry_id, untracked_at = null,
      tracked_at = case when k.untracked_at is null then k.tracked_at else now() end
    from unnest(
      array(select id from changed order by id), array(select entry_id from changed order by id)
    ) as n (id, entry_id)
    where k.id = n.id
  `.execute(tx);
}

/**
 * Apart from the update, because an insert with “on conflict” would also lock unchanged rows, in
 * another order than the workers do.
 */
async function insertStaged(tx: RecordsTransaction, from: number): Promise<void> {
  await sql`
    insert into keysweep.tracked_key (source, key_id, entry_id)
    select m.source, m.key_id, m.entry_id from pg_temp.mirrored m
    left join lateral (
      select id from keysweep.tracked_key
      where source = m.source and key_id = m.key_id offset 0
    ) k on true
    where ${stagedFrom(from)} and k.id is null
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
