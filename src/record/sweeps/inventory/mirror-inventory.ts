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
  await lockChanged(tx);
  for (let at = 0; at < keys.count; at += chunk) await mirrorStaged(tx, at);
  await untrackOthers(tx);
  await sql`
    insert into keysweep.inventory (hash) values (${hash})
    on conflict (single) do update set hash = excluded.hash, mirrored_at = now()
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
