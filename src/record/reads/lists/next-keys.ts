import type { ListedKeys } from '../../../inventory/listed-keys.ts';
import type { TrackedKey } from '../../../keys/tracked-key.ts';
import { compareCodePoints } from '../../../text/compare-code-points.ts';

export type KeyPlace = readonly [source: string, keyId: string];

/** Keys of an inventory, ordered by source and key id: all that stand between two places. */
export interface NextKeys {
  readonly keys: readonly TrackedKey[];
  /** Whether these are the last. */
  readonly isEnd: boolean;
}

interface Kept extends NextKeys {
  readonly after: KeyPlace | undefined;
}

/** Each reading of an inventory sorts so many: few readings for all pages, and some megabytes. */
const usualSize = 20_000;

/** What was read last: the next page is mostly in it. An inventory does not change. */
const kept = new WeakMap<ListedKeys, Kept>();

/** Keys behind a place: at least the next one, if there is one. */
export async function readNextKeys(
  inventory: ListedKeys,
  after: KeyPlace | undefined,
  size = usualSize,
): Promise<NextKeys> {
  const known = kept.get(inventory);
  if (known !== undefined && reaches(known, after)) {
    return { keys: known.keys.filter((key) => isBehind(key, after)), isEnd: known.isEnd };
  }
  const read = { ...(await selectFirst(inventory, after, size)), after };
  kept.set(inventory, read);
  return read;
}

/** Whether the keys begin at a place or before it, and go on behind it. */
function reaches({ after: from, keys, isEnd }: Kept, after: KeyPlace | undefined): boolean {
  const begins = from === undefined || (after !== undefined && comparePlaces(from, after) <= 0);
  const last = keys.at(-1);
  return begins && (isEnd || (last !== undefined && isBehind(last, after)));
}

/** Sorts whenever there are twice as many as wanted, and drops those behind the wanted ones. */
async function selectFirst(
  inventory: ListedKeys,
  after: KeyPlace | undefined,
  size: number,
): Promise<NextKeys> {
  let found: TrackedKey[] = [];
  let isEnd = true;
  const cut = () => {
    found.sort(compareKeys);
    if (found.length <= size) return;
    found = found.slice(0, size);
    isEnd = false;
  };
  for await (const some of inventory.chunks()) {
    for (const key of some) if (isBehind(key, after)) found.push(key);
    if (found.length >= 2 * size) cut();
  }
  cut();
  return { keys: found, isEnd };
}

function isBehind(key: TrackedKey, after: KeyPlace | undefined): boolean {
  return after === undefined || comparePlaces([key.source, key.keyId], after) > 0;
}

type NamedKey = Pick<TrackedKey, 'source' | 'keyId'>;

export function compareKeys(one: NamedKey, other: NamedKey): number {
  return comparePlaces([one.source, one.keyId], [other.source, other.keyId]);
}

function comparePlaces(one: KeyPlace, other: KeyPlace): number {
  return compareCodePoints(one[0], other[0]) || compareCodePoints(one[1], other[1]);
}
