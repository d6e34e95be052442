import { sql } from 'kysely';
import { hashInventory } from '../../../inventory/hash-inventory.ts';
import { noDetails } from '../../../keys/detail-fields.ts';
import type { TrackedKey } from '../../../keys/tracked-key.ts';
import type { ListedKey } from '../../../report/model.ts';
import { compareCodePoints } from '../../../text/compare-code-points.ts';
import type { Database } from '../../store/database.ts';
import { type KeyFilter, passesUnaudited } from './key-filter.ts';

export type KeyPlace = readonly [source: string, keyId: string];

/** `tracked`: the next `size` tracked keys behind `after` that pass the filter, or all of them. */
interface Merging {
  readonly tracked: readonly ListedKey[];
  readonly inventory: readonly TrackedKey[];
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
  const { hash, keys } = sortInventory(inventory);
  if (await isMirrored(database, hash)) return tracked;
  const added = await findUntracked(database, planCandidates(keys, merging), size);
  return [...tracked, ...added.map(toUnaudited)].sort(compareKeys).slice(0, size);
}

/** A key of the inventory that has no verdict yet. */
function toUnaudited(key: TrackedKey): ListedKey {
  return { ...key, verdict: null, observedAt: null, ...noDetails };
}

/** The keys of an inventory, as they are listed before there are any records. */
export function listUnaudited(inventory: readonly TrackedKey[]): readonly ListedKey[] {
  return sortInventory(inventory).keys.map(toUnaudited);
}

/** An inventory does not change; a changed file becomes another one. */
const sorted = new WeakMap<readonly TrackedKey[], SortedInventory>();

interface SortedInventory {
  readonly hash: string;
  readonly keys: readonly TrackedKey[];
}

function sortInventory(inventory: readonly TrackedKey[]): SortedInventory {
  const known = sorted.get(inventory);
  if (known !== undefined) return known;
  const made = { hash: hashInventory(inventory), keys: inventory.toSorted(compareKeys) };
  sorted.set(inventory, made);
  return made;
}

async function isMirrored({ db }: Database, hash: string): Promise<boolean> {
  const mirrored = await db.selectFrom('inventory').select('hash').executeTakeFirst();
  return mirrored?.hash === hash;
}

/** Behind the last tracked key of a whole page there are no candidates for that page. */
function planCandidates(
  keys: readonly TrackedKey[],
  { tracked, filter, after, size }: Merging,
): readonly TrackedKey[] {
  const last = tracked.length < size ? undefined : tracked.at(-1);
  return keys.filter(
    (key) =>
      (after === undefined || compareKeys(key, { source: after[0], keyId: after[1] }) > 0) &&
      (last === undefined || compareKeys(key, last) < 0) &&
      passesUnaudited(key, filter),
  );
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

type NamedKey = Pick<TrackedKey, 'source' | 'keyId'>;

function compareKeys(one: NamedKey, other: NamedKey): number {
  return compareCodePoints(one.source, other.source) || compareCodePoints(one.keyId, other.keyId);
}
