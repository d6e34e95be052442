import { sql } from 'kysely';
import type { Records } from '../store/database.ts';
import { findReviewList } from './read-review-list.ts';

/** As much of an object comes at once: a driver holds each value several times, in hexadecimal. */
const bytesAtOnce = 8 * 1024 * 1024;

/** The object of this name, as text; undefined if it is not there. Compare it with its name. */
export async function readObject(db: Records, name: string): Promise<string | undefined> {
  const first = await readPiece(db, name, 0);
  if (first === undefined) return findReviewList(db, name);
  const bytes = Buffer.alloc(first.size);
  bytes.set(first.piece);
  for (let at = bytesAtOnce; at < first.size; at += bytesAtOnce) {
    const next = await readPiece(db, name, at);
    if (next === undefined) return undefined;
    bytes.set(next.piece, at);
  }
  return bytes.toString();
}

interface Piece {
  readonly size: number;
  readonly piece: Uint8Array;
}

async function readPiece(db: Records, name: string, at: number): Promise<Piece | undefined> {
  const { rows } = await sql<Piece>`
    select length(body) as size, substring(body from ${at + 1} for ${bytesAtOnce}) as piece
    from keysweep.log_object where hash = ${Buffer.from(name, 'hex')}
  `.execute(db);
  return rows[0];
}

/** Removes the object of this name, with the sweep that it belongs to. */
export async function removeObject(tx: Records, name: string): Promise<void> {
  await sql`
    delete from keysweep.log_object where hash = ${Buffer.from(name, 'hex')}
  `.execute(tx);
}
