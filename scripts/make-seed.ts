import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '../src/record/store/database.ts';
import { openEmbedded } from '../src/record/store/embedded/open-embedded.ts';
import { migrate } from '../src/record/store/migrate.ts';

/** The databases that others are copied from: keysweep makes none, and they are half of all files. */
const dropTemplates = [
  'update pg_database set datistemplate = false',
  'drop database template0',
  'drop database template1',
];

/** An empty, migrated folder of PGlite, as a gzipped tar. */
export async function makeSeed(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-seed-'));
  try {
    const database = await openEmbeddedDatabase(folder);
    await migrate(database, true);
    await database.close();
    const pglite = await openEmbedded(folder);
    for (const statement of dropTemplates) await pglite.exec(statement);
    const archive = await pglite.dumpDataDir('gzip');
    await pglite.close();
    return Buffer.from(await archive.arrayBuffer());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
