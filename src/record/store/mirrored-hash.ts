import type { Records } from './database.ts';

/** The hash of the inventory whose keys are the tracked ones; undefined before the first sweep. */
export async function readMirroredHash(db: Records): Promise<string | undefined> {
  const mirrored = await db.selectFrom('inventory').select('hash').executeTakeFirst();
  return mirrored?.hash;
}
