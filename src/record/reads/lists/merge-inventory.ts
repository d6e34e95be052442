import { sql } from 'kysely';
import type { ListedKeys } from '../../../inventory/listed-keys.ts';
import { noDetails } from '../../../keys/detail-fields.ts';
import type { TrackedKey } from '../../../keys/tracked-key.ts';
import type { ListedKey } from '../../../report/model.ts';
import type { Database } from '../../store/database.ts';
import { readMirroredHash } from '../../store/mirrored-hash.ts';
import { type KeyFilter, passesUnaudited } from './key-filter.ts';
import { compareKeys, type KeyPlace, readNextKeys } from './next-keys.ts';

/** `tracked`: the next `size` tracked keys behind `after` that pass the filter, or all of them. */
interface Merging {
  readonly tracked: readonly ListedKey[];
  readonly inventory: ListedKeys;
  readonly filter: KeyFilter;
  readonly after: KeyPlace | undefined;
  readonly size: number;
}

/** The next `size` keys: the tracked ones, and those of the inventory that no sweep has opened. */
export async function mergeInventory(
  database: Database,
  merging: Merging,
): Promise<readonly ListedKey[]> {
  const { tracked, inventory, size } = merging;
  if ((await readMirroredHash(database.db)) === inventory.hash) return tracked;
  const added = await findAdded(database, merging);
  return [...tracked, ...added.map(toUnaudited)].sort(compareKeys).slice(0, size);
}

/** A key of the inventory that has no verdict yet. */
export function toUnaudited(key: TrackedKey): ListedKey {
  return { ...key, verdict: null, observedAt: null, ...noDetails };
}

/** The keys of an inventory, as they are listed before there are any records. */
export async function* listUnaudited(inventory: ListedKeys): AsyncIterable<ListedKey> {
  for (let after: KeyPlace | undefined; ; ) {
    const { keys, isEnd } = await readNextKeys(inventory, after);
    for (const key of keys) yield toUnaudited(key);
    if (isEnd) return;
    after = lastPlace(keys);
  }
}

function lastPlace(keys: readonly TrackedKey[]): KeyPlace | undefined {
  const last = keys.at(-1);
  return last && [last.source, last.keyId];
}

/**
 * The first keys of the inventory behind `after` that are not tracked, as many as a page can have.
 * Behind the last tracked key of a whole page there are no candidates for that page.
 */
async function findAdded(
  database: Database,
  { tracked, inventory, filter, after, size }: Merging,
): Promise<readonly TrackedKey[]> {
  const last = tracked.length < size ? undefined : tracked.at(-1);
  const found: TrackedKey[] = [];
  for (let place = after; ; ) {
    const { keys, isEnd } = await readNextKeys(inventory, place);
    const candidates = keys.filter(
      (key) => (last === undefined || compareKeys(key, last) < 0) && passesUnaudited(key, filter),
    );
    found.push(...(await findUntracked(database, candidates, size - found.length)));
    const end = keys.at(-1);
    const isPast = last !== undefined && end !== undefined && compareKeys(end, last) >= 0;
    if (isEnd || isPast || found.length >= size) return found;
    place = lastPlace(keys);
  }
}

const chunk = 1_000;

/** The first `size` of these keys that are not tracked. */
async function findUntracked(
  { db }: Database,
  candidates: readonly TrackedKey[],
  size: number,
): Promise<readonly TrackedKey[]> {
  const found: TrackedKey[] = [];
  for (let at = 0; at < candidates.length && found.length < size; at += chunk) {
    const some = candidates.slice(at, at + chunk);
    const { rows } = await sql<{ place: number }>`
      select n.place::integer as place
      from unnest(${some.map(({ source }) => source)}::text[],
        ${some.map(({ keyId }) => keyId)}::text[]) with ordinality as n (source, key_id, place)
      where not exists (
        select from keysweep.tracked_key k
        where k.source = n.source and k.key_id = n.key_id and k.untracked_at is null
      )
      order by n.place
    `.execute(db);
    found.push(...rows.flatMap(({ place }) => some[place - 1] ?? []));
  }
  return found.slice(0, size);
}
