import { sql } from 'kysely';
import type { TileReader } from '../../evidence/log/tile-proofs.ts';
import { fullWidth } from '../../evidence/log/tiles.ts';
import type { Records } from '../store/database.ts';

/** The tiles of the log: full ones as they are kept, others from what is below them. */
export function logTiles(db: Records): TileReader {
  return {
    async read(level, index, width) {
      if (width === fullWidth) return readFull(db, level, index);
      const from = index * fullWidth;
      const below =
        level === 0
          ? sql`select n, hash from keysweep.log_leaf`
          : sql`select n, root as hash from keysweep.log_tile where level = ${level - 1}`;
      const { rows } = await sql<{ hash: Uint8Array }>`
        select hash from (${below}) below where n >= ${from} and n < ${from + width} order by n
      `.execute(db);
      return Buffer.concat(rows.map(({ hash }) => Buffer.from(hash)));
    },
  };
}

async function readFull(db: Records, level: number, index: number): Promise<Buffer> {
  const { rows } = await sql<{ hashes: Uint8Array }>`
    select hashes from keysweep.log_tile where level = ${level} and n = ${index}
  `.execute(db);
  return Buffer.from(rows[0]?.hashes ?? []);
}
