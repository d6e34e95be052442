import { sql } from 'kysely';
import type { ListedKeys } from '../../../inventory/listed-keys.ts';
import { planReplacement, type Replacement } from '../../../inventory/plan-replacement.ts';
import type { Records } from '../../store/database.ts';
import { readMirroredHash } from '../../store/mirrored-hash.ts';

/** An inventory as configured, with a hash of all its fields. */
export interface Inventory {
  readonly hash: string;
  readonly keys: ListedKeys;
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

/** Compares an inventory with the tracked keys, and decides whether it may replace them. */
export async function compareInventory(
  db: Records,
  { hash, keys }: Pick<Inventory, 'hash' | 'keys'>,
): Promise<ComparedInventory> {
  const mirrored = await readMirroredHash(db);
  if (mirrored === undefined) return { kind: 'replaces' };
  if (mirrored === hash) return { kind: 'mirrored' };
  const counted = { tracked: await countTracked(db), kept: await countKept(db, keys) };
  if (planReplacement(counted) === 'replace') return { kind: 'replaces' };
  return { kind: 'held', held: { ...counted, hash, inUse: mirrored, listed: keys.count } };
}

async function countTracked(db: Records): Promise<number> {
  const { rows } = await sql<{ keys: number }>`
    select count(*)::integer as keys from keysweep.tracked_key where untracked_at is null
  `.execute(db);
  return rows[0]?.keys ?? 0;
}

/** How many keys of the inventory are tracked; it lists none twice. Each is looked up in the index. */
async function countKept(db: Records, keys: ListedKeys): Promise<number> {
  let kept = 0;
  for await (const some of keys.chunks()) {
    const { rows } = await sql<{ keys: number }>`
      select count(*)::integer as keys
      from unnest(${some.map(({ source }) => source)}::text[],
        ${some.map(({ keyId }) => keyId)}::text[]) as n (source, key_id)
      cross join lateral (
        select from keysweep.tracked_key k
        where k.source = n.source and k.key_id = n.key_id and k.untracked_at is null limit 1
      ) tracked
    `.execute(db);
    kept += rows[0]?.keys ?? 0;
  }
  return kept;
}
