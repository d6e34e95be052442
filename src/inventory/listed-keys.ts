import type { TrackedKey } from '../keys/tracked-key.ts';

/** All keys of an inventory, in the order of its files. They are not in memory: frozen. */
export interface ListedKeys {
  readonly count: number;
  /** SHA-256, hex, of all fields of all keys in their order. Databases keep it. */
  readonly hash: string;
  /** The keys from the first on, some thousands at a time. They are always those that were read. */
  chunks(): AsyncIterable<readonly TrackedKey[]>;
  /** Frees the disk now instead of some time after the last use. They can't be read any more. */
  drop(): void;
}

/** All keys at once: for inventories that are known to be small. */
export async function collectKeys(listed: ListedKeys): Promise<readonly TrackedKey[]> {
  const keys: TrackedKey[] = [];
  for await (const some of listed.chunks()) for (const key of some) keys.push(key);
  return keys;
}
