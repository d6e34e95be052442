import { sql } from 'kysely';
import type { Records } from '../store/database.ts';
import { findReviewList } from './read-review-list.ts';

/** The object of this name, as text; undefined if it is not there. Compare it with its name. */
export async function readObject(db: Records, name: string): Promise<string | undefined> {
  const { rows } = await sql<{ body: Uint8Array }>`
    select body from keysweep.log_object where hash = ${Buffer.from(name, 'hex')}
  `.execute(db);
  if (rows[0] === undefined) return findReviewList(db, name);
  return Buffer.from(rows[0].body).toString();
}

/** Removes the object of this name, with the sweep that it belongs to. */
export async function removeObject(tx: Records, name: string): Promise<void> {
  await sql`
    delete from keysweep.log_object where hash = ${Buffer.from(name, 'hex')}
  `.execute(tx);
}
