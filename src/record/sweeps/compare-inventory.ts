import { planReplacement, type Replacement } from '../../inventory/plan-replacement.ts';
import type { TrackedKey } from '../../keys/tracked-key.ts';
import type { Records } from '../store/database.ts';

/** An inventory as configured, with a hash of all its fields. */
export interface Inventory {
  readonly hash: string;
  readonly keys: readonly TrackedKey[];
  /** Its files, as keysweep.yaml names them. */
  readonly files: readonly string[];
}

/** An inventory that must not replace the tracked keys until somebody accepts it. */
export interface HeldInventory extends Replacement {
  readonly hash: string;
  /** The hash of the inventory that stays in use. */
  readonly inUse: string;
  /** The keys that it lists. */
  readonly listed: number;
}

/** `mirrored`: the tracked keys are already those of the inventory. */
export type ComparedInventory =
  | { readonly kind: 'mirrored' | 'replaces' }
  | { readonly kind: 'held'; readonly held: HeldInventory };

/** PGlite blocks the process while a statement runs. */
const chunk = 5_000;

/** Compares an inventory with the tracked keys, and decides whether it may replace them. */
export async function compareInventory(
  db: Records,
  { hash, keys }: Pick<Inventory, 'hash' | 'keys'>,
): Promise<ComparedInventory> {
  const mirrored = await db.selectFrom('inventory').select('hash').executeTakeFirst();
  if (mirrored === undefined) return { kind: 'replaces' };
  if (mirrored.hash === hash) return { kind: 'mirrored' };
  const counted = await countKept(db, keys);
  if (planReplacement(counted) === 'replace') return { kind: 'replaces' };
  return { kind: 'held', held: { ...counted, hash, inUse: mirrored.hash, listed: keys.length } };
}

async function countKept(db: Records, keys: readonly TrackedKey[]): Promise<Replacement> {
  const listed = new Set(keys.map(({ source, keyId }) => JSON.stringify([source, keyId])));
  let tracked = 0;
  let kept = 0;
  for (let last = 0; ; ) {
    const rows = await db
      .selectFrom('tracked_key')
      .select(['id', 'source', 'key_id'])
      .where('untracked_at', 'is', null)
      .where('id', '>', last)
      .orderBy('id')
      .limit(chunk)
      .execute();
    tracked += rows.length;
    kept += rows.filter((row) => listed.has(JSON.stringify([row.source, row.key_id]))).length;
    if (rows.length < chunk) return { tracked, kept };
    last = rows.at(-1)?.id ?? last;
  }
}
