import { sql } from 'kysely';
import { encodeBundle } from '../../evidence/log/entry-bundles.ts';
import {
  bundlePath,
  fullWidth,
  listBundles,
  listTiles,
  tilePath,
} from '../../evidence/log/tiles.ts';
import { checkpointPath, comparePaths } from '../../evidence/pack-files/pack-paths.ts';
import type { PackFile } from '../../evidence/pack-files/pack-reader.ts';
import { readStoredLeaves } from '../checks/read-leaves.ts';
import { logTiles } from '../log/log-tiles.ts';
import type { Records } from '../store/database.ts';

/** Earlier checkpoints than that of `size` leaves. */
export async function* readCheckpointFiles(db: Records, size: number): AsyncIterable<PackFile> {
  const { rows } = await sql<{ size: number }>`
    select c.size::float8 as size from keysweep.checkpoint c where c.size < ${size}
  `.execute(db);
  const sizes = rows.map((row) => row.size);
  sizes.sort((one, other) => comparePaths(checkpointPath(one), checkpointPath(other)));
  for (const earlier of sizes) {
    const notes = await sql<{ note: string }>`
      select note from keysweep.checkpoint where size = ${earlier}
    `.execute(db);
    yield { path: checkpointPath(earlier), bytes: Buffer.from(notes.rows[0]?.note ?? '') };
  }
}

/** The tiles of a log of this size, and the entries of its leaves. */
export async function* readTileFiles(db: Records, size: number): AsyncIterable<PackFile> {
  const tiles = logTiles(db);
  const files = [
    ...[...listTiles(size)].map((tile) => ({
      path: tilePath(tile),
      read: async () => Buffer.from(await tiles.read(tile.level, tile.index, tile.width)),
    })),
    ...[...listBundles(size)].map((bundle) => ({
      path: bundlePath(bundle),
      read: () => readBundle(db, bundle.index, bundle.width),
    })),
  ].sort((one, other) => comparePaths(one.path, other.path));
  for (const { path, read } of files) yield { path, bytes: await read() };
}

/** The entries of up to 256 leaves, as tlog-tiles has them. */
export async function readBundle(db: Records, index: number, width: number): Promise<Buffer> {
  const entries: Buffer[] = [];
  const from = index * fullWidth;
  for await (const { body } of readStoredLeaves(db, from, from + width)) {
    entries.push(Buffer.from(body));
  }
  return encodeBundle(entries);
}
