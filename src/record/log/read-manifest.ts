import { sql } from 'kysely';
import {
  encodeInventory,
  encodeManifest,
  type Manifest,
  nameObject,
} from '../../evidence/manifest.ts';
import type { Records } from '../store/database.ts';

/** A sweep by its row. */
export interface LoggedSweep {
  readonly id: number;
  readonly uuid: string;
}

/** What a sweep consists of, as its packs and key lists are now. */
export interface SweepObjects {
  readonly manifest: Omit<Manifest, 'version'>;
  /** The bytes of both objects, as text. */
  readonly manifestText: string;
  readonly inventoryText: string;
}

/** Batches that are not finished are left out. */
export async function readManifest(db: Records, { id, uuid }: LoggedSweep): Promise<SweepObjects> {
  const { rows } = await sql<Pick<Manifest, 'seed' | 'batches'>>`
    select encode(s.seed, 'base64') as seed, (
      select coalesce(json_agg(told order by told.batch), '[]')
      from keysweep.pack p
      join keysweep.sweep_batch b on b.sweep_id = p.sweep_id and b.batch = p.batch
      join keysweep.key_list l on l.id = b.list_id
      cross join lateral (
        select b.batch, b.source, cardinality(l.key_ids) as keys, encode(l.hash, 'hex') as list,
          encode(p.hash, 'hex') as pack, encode(p.keys_root, 'base64') as "keysRoot"
      ) told
      where p.sweep_id = s.id
    ) as batches
    from keysweep.sweep s where s.id = ${id}
  `.execute(db);
  const { seed, batches } = rows[0] ?? { seed: '', batches: [] };
  const manifest = { sweep: uuid, seed, batches };
  return {
    manifest,
    manifestText: encodeManifest(manifest),
    inventoryText: encodeInventory(batches),
  };
}

/** The SHA-256 of both objects, in hex. */
export function nameObjects({ manifestText, inventoryText }: SweepObjects) {
  return { evidence: nameObject(manifestText), inventory: nameObject(inventoryText) };
}
