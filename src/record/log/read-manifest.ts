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
  const seeds = await sql<{ seed: string }>`
    select encode(seed, 'base64') as seed from keysweep.sweep where id = ${id}
  `.execute(db);
  const { rows: batches } = await sql<Manifest['batches'][number]>`
    select b.batch, b.source, cardinality(l.key_ids) as keys, encode(l.hash, 'hex') as list,
      encode(p.hash, 'hex') as pack, encode(p.keys_root, 'base64') as "keysRoot"
    from keysweep.pack p
    join keysweep.sweep_batch b on b.sweep_id = p.sweep_id and b.batch = p.batch
    join keysweep.key_list l on l.id = b.list_id
    where p.sweep_id = ${id} order by b.batch
  `.execute(db);
  const manifest = { sweep: uuid, seed: seeds.rows[0]?.seed ?? '', batches };
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
