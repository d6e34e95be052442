import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { NoteDifference } from '../../evidence/differences/difference.ts';
import type { Records } from '../store/database.ts';
import { entryText } from '../store/entry-text.ts';
import { contentText, type ObservationContent } from '../store/observation-content.ts';
import { readParts } from './read-rows.ts';

interface ObservationRow {
  readonly id: number;
  readonly hash: Uint8Array;
  readonly content: ObservationContent;
}

interface EntryRow {
  readonly id: number;
  readonly hash: Uint8Array;
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approvedScopes: string[] | null;
  readonly tags: string[];
}

const rowsAtOnce = 2_000;

/** Compares what vendors said with the hash of it. Yields how many rows it read. */
export async function* checkObservations(
  db: Records,
  note: NoteDifference,
): AsyncGenerator<number> {
  for await (const rows of readParts(rowsAtOnce, (after, most) => readSome(db, after, most))) {
    const wrong = rows.filter(({ hash, content }) => !isHashOf(hash, contentText(content)));
    const observed = await readObserved(db, wrong);
    for (const { id, content } of wrong) {
      const keys = observed.get(id) ?? [{}];
      const is = JSON.stringify(content);
      for (const key of keys) note({ code: 'observation', ...key, place: `observation ${id}`, is });
    }
    yield rows.length;
  }
}

async function readSome(db: Records, after: number, most: number) {
  const { rows } = await sql<ObservationRow>`
    select id, hash, content from keysweep.observation o
    where o.id > ${after} order by o.id limit ${most}
  `.execute(db);
  return rows;
}

/** Compares what the inventory said of keys with the hash of it, and finds out what it was. */
export async function checkEntries(db: Records, note: NoteDifference): Promise<void> {
  let all: readonly EntryRow[] | undefined;
  for await (const rows of readParts(rowsAtOnce, (after, most) => readEntries(db, after, most))) {
    for (const row of rows.filter((one) => !isHashOf(one.hash, entryText(one)))) {
      // Only where one was edited: an inventory may say something else of each of its keys.
      all ??= await readEntries(db);
      const keys = await readKeys(db, row.id);
      const change = findBefore(row, all) ?? { is: entryText(row) };
      for (const key of keys) note({ code: 'entry', ...key, place: `entry ${row.id}`, ...change });
    }
  }
}

async function readEntries(db: Records, after = 0, most?: number) {
  const { rows } = await sql<EntryRow>`
    select id, hash, owner, environment, approved_scopes as "approvedScopes", tags
    from keysweep.inventory_entry e where e.id > ${after} order by e.id limit ${most ?? null}
  `.execute(db);
  return rows;
}

const parts = ['owner', 'environment', 'approvedScopes', 'tags'] as const;

/** Tries what other entries say. */
function findBefore(row: EntryRow, others: readonly EntryRow[]) {
  for (const field of parts) {
    const values = new Set([null, ...others.map((other) => other[field])]);
    for (const value of values) {
      if (!isHashOf(row.hash, entryText({ ...row, [field]: value }))) continue;
      return { field, was: JSON.stringify(value), is: JSON.stringify(row[field]) };
    }
  }
  return undefined;
}

function isHashOf(told: Uint8Array, text: string): boolean {
  return hash('sha256', text, 'buffer').equals(Buffer.from(told));
}

interface KeyName {
  readonly source?: string;
  readonly keyId?: string;
}

/** As many keys that refer to a row are named. */
const keysNamed = 3;

/**
 * A few of the keys that refer to each of these observations, by its row. No index leads to them, so
 * all keys are read, once for all of these rows.
 */
async function readObserved(
  db: Records,
  wrong: readonly ObservationRow[],
): Promise<ReadonlyMap<number, readonly KeyName[]>> {
  const found = new Map<number, KeyName[]>();
  if (wrong.length === 0) return found;
  const { rows } = await sql<{ row: number; source: string; keyId: string }>`
    select row, source, "keyId" from (
      select k.id, k.observation_id as row, k.source, k.key_id as "keyId",
        row_number() over (partition by k.observation_id order by k.id) as n
      from keysweep.tracked_key k
      where k.observation_id = any (${wrong.map(({ id }) => id)}::integer[])
    ) k
    where n <= ${keysNamed} order by id
  `.execute(db);
  for (const { row, ...key } of rows) found.set(row, [...(found.get(row) ?? []), key]);
  return found;
}

/** A few of the keys that have an entry; without one, the entry is named alone. */
async function readKeys(db: Records, entry: number): Promise<readonly KeyName[]> {
  const { rows } = await sql<KeyName>`
    select k.source, k.key_id as "keyId" from keysweep.tracked_key k
    where k.entry_id = ${entry} order by k.id limit ${keysNamed}
  `.execute(db);
  return rows.length > 0 ? rows : [{}];
}
