import type { ListedKeys } from '../../../inventory/listed-keys.ts';
import type { TrackedKey } from '../../../keys/tracked-key.ts';
import type { Database } from '../../store/database.ts';
import { readMirroredHash } from '../../store/mirrored-hash.ts';

/** A key of the inventory that no sweep has opened yet, looked for after the tracked keys. */
export async function findUnswept(
  { db }: Database,
  inventory: ListedKeys,
  { source, keyId }: Pick<TrackedKey, 'source' | 'keyId'>,
): Promise<TrackedKey | undefined> {
  if ((await readMirroredHash(db)) === inventory.hash) return undefined;
  for await (const some of inventory.chunks()) {
    const found = some.find((key) => key.source === source && key.keyId === keyId);
    if (found !== undefined) return found;
  }
  return undefined;
}
