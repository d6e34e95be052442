import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { ListedKeys } from '../../../inventory/listed-keys.ts';
import type { TrackedKey } from '../../../keys/tracked-key.ts';
import type { RecordsTransaction } from '../../store/database.ts';
import { entryText } from '../../store/entry-text.ts';

/**
 * Puts the keys of an inventory into the temporary table `mirrored`, numbered in the order of their
 * names, with the ids of their entries. Reports list keys by name: with rows in that order, a page
 * of a report is in few packs.
 */
export async function stageInventory(tx: RecordsTransaction, keys: ListedKeys): Promise<void> {
  await createTables(tx);
  const stage = createStage(tx);
  for await (const some of keys.chunks()) await stage(some);
  await storeEntries(tx);
  await sortStaged(tx);
  const { rows } = await sql<{ keys: number }>`
    select count(*)::integer as keys from pg_temp.mirrored
  `.execute(tx);
  const staged = rows[0]?.keys;
  if (staged !== keys.count) throw new Error(`${staged} of ${keys.count} keys were staged`);
}

async function createTables(tx: RecordsTransaction): Promise<void> {
  await sql`
    create temporary table listed (source text, key_id text, entry integer) on commit drop
  `.execute(tx);
  await sql`
    create temporary table listed_entry (
      entry integer, hash bytea, owner text, environment text, approved_scopes text[], tags text[]
    ) on commit drop
  `.execute(tx);
  await sql`
    create temporary table mirrored (
      place integer generated always as identity (start 0 minvalue 0) primary key,
      source text collate "C", key_id text collate "C", entry_id integer
    ) on commit drop
  `.execute(tx);
}

/** More distinct entries than this are forgotten, and staged again when they come again. */
const mostEntries = 20_000;

/** Stages keys in the order of the files. Keys with the same entry share a row of `listed_entry`. */
function createStage(tx: RecordsTransaction) {
  const known = new Map<string, number>();
  let next = 0;
  const numberOf = (key: TrackedKey, added: StagedEntry[]) => {
    const stated = entryText(key);
    const before = known.get(stated);
    if (before !== undefined) return before;
    if (known.size >= mostEntries) known.clear();
    const entry = next++;
    known.set(stated, entry);
    added.push(toEntry(key, entry, stated));
    return entry;
  };
  return async (keys: readonly TrackedKey[]): Promise<void> => {
    const added: StagedEntry[] = [];
    const entries = keys.map((key) => numberOf(key, added));
    await stageEntries(tx, added);
    await sql`
      insert into pg_temp.listed (source, key_id, entry)
      select * from unnest(${keys.map(({ source }) => source)}::text[],
        ${keys.map(({ keyId }) => keyId)}::text[], ${entries}::integer[])
    `.execute(tx);
  };
}

type StagedEntry = ReturnType<typeof toEntry>;

function toEntry(
  { owner, environment, approvedScopes, tags }: TrackedKey,
  entry: number,
  stated: string,
) {
  return {
    entry,
    hash: hash('sha256', stated),
    owner,
    environment,
    approved: approvedScopes,
    tags,
  };
}

async function stageEntries(
  tx: RecordsTransaction,
  entries: readonly StagedEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    insert into pg_temp.listed_entry
    select entry, decode(hash, 'hex'), owner, environment, approved, coalesce(tags, '{}')
    from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as e (
      entry integer, hash text, owner text, environment text, approved text[], tags text[]
    )
  `.execute(tx);
}

/** Stores each distinct entry of owner, environment, scopes and tags once, in the order of hashes. */
async function storeEntries(tx: RecordsTransaction): Promise<void> {
  await sql`
    insert into keysweep.inventory_entry (hash, owner, environment, approved_scopes, tags)
    select distinct on (hash) hash, owner, environment, approved_scopes, tags
    from pg_temp.listed_entry order by hash
    on conflict (hash) do nothing
  `.execute(tx);
}

async function sortStaged(tx: RecordsTransaction): Promise<void> {
  await sql`
    insert into pg_temp.mirrored (source, key_id, entry_id)
    select l.source, l.key_id, e.id from pg_temp.listed l
    join pg_temp.listed_entry s on s.entry = l.entry
    join keysweep.inventory_entry e on e.hash = s.hash
    order by l.source collate "C", l.key_id collate "C"
  `.execute(tx);
  await sql`analyze pg_temp.mirrored`.execute(tx);
}
