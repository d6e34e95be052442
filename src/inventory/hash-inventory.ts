import { createHash } from 'node:crypto';
import type { TrackedKey } from '../keys/tracked-key.ts';

/** SHA-256, hex, of all fields of all keys of an inventory, in its order. */
export function hashInventory(keys: readonly TrackedKey[]): string {
  const hash = createHash('sha256');
  for (const { source, keyId, owner, environment, approvedScopes, tags } of keys) {
    hash.update(JSON.stringify([source, keyId, owner, environment, approvedScopes, tags]));
  }
  return hash.digest('hex');
}
