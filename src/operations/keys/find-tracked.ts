import type { ListedKeys } from '../../inventory/listed-keys.ts';
import { readTracked } from '../../record/reads/read-tracked.ts';
import type { Database } from '../../record/store/database.ts';
import { readMirroredHash } from '../../record/store/mirrored-hash.ts';
import type { NamedKey } from '../operation.ts';

/**
 * The keys of these ids in the inventory, in every source. An id that it lacks is looked for among
 * the tracked keys: while an inventory is held, sweeps use the keys that were tracked before.
 */
export async function findTracked(
  database: Database,
  inventory: ListedKeys,
  keyIds: readonly string[],
): Promise<readonly NamedKey[]> {
  const isMirrored = (await readMirroredHash(database.db)) === inventory.hash;
  const listed = isMirrored ? [] : await findListed(inventory, new Set(keyIds));
  const found = new Set(listed.map(({ keyId }) => keyId));
  const others = keyIds.filter((keyId) => !found.has(keyId));
  return [...listed, ...(await readTracked(database, others))];
}

async function findListed(
  inventory: ListedKeys,
  wanted: ReadonlySet<string>,
): Promise<readonly NamedKey[]> {
  const found: NamedKey[] = [];
  for await (const some of inventory.chunks()) {
    for (const { source, keyId } of some) if (wanted.has(keyId)) found.push({ source, keyId });
  }
  return found;
}
