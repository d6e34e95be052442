import { noDetails } from '../../keys/detail-fields.ts';
import type { TrackedKey } from '../../keys/tracked-key.ts';
import type { ListedKey } from '../../report/model.ts';
import { compareCodePoints } from '../../text/compare-code-points.ts';

/**
 * The keys that the store tracks, with those of the inventory that no sweep has opened yet among
 * them, ordered by source and key id. `tracked` has that order.
 */
export async function* mergeInventory(
  tracked: AsyncIterable<ListedKey>,
  inventory: readonly TrackedKey[],
): AsyncIterable<ListedKey> {
  const keys = inventory.toSorted(compareKeys);
  let next = 0;
  for await (const key of tracked) {
    for (; next < keys.length; next++) {
      const own = keys[next] as TrackedKey;
      const order = compareKeys(own, key);
      if (order < 0) yield notAudited(own);
      else if (order > 0) break;
    }
    yield key;
  }
  for (const own of keys.slice(next)) yield notAudited(own);
}

type NamedKey = Pick<TrackedKey, 'source' | 'keyId'>;

function compareKeys(one: NamedKey, other: NamedKey): number {
  return compareCodePoints(one.source, other.source) || compareCodePoints(one.keyId, other.keyId);
}

function notAudited(key: TrackedKey): ListedKey {
  return { ...key, verdict: null, observedAt: null, ...noDetails };
}
