import { sql } from 'kysely';
import { encodeSignature, type NoteSignature } from '../../evidence/log/note.ts';
import type { Records } from '../store/database.ts';

/** How far the log goes, and whose it is. */
export interface LogHead {
  readonly size: number;
  readonly installation: string;
}

/** Undefined before the first leaf. */
export async function readLogHead(db: Records): Promise<LogHead | undefined> {
  const { rows } = await sql<LogHead>`
    select size::float8 as size, installation from keysweep.log_head where size > 0
  `.execute(db);
  return rows[0];
}

/** A signed note over the first `size` leaves. */
export interface StoredCheckpoint {
  readonly size: number;
  readonly note: string;
}

/** Undefined while nothing is signed. */
export async function readNewestCheckpoint(db: Records): Promise<StoredCheckpoint | undefined> {
  const { rows } = await sql<StoredCheckpoint>`
    select size::float8 as size, note from keysweep.checkpoint c order by c.size desc limit 1
  `.execute(db);
  return rows[0];
}

/** All, by size. */
export async function readStoredCheckpoints(db: Records): Promise<readonly StoredCheckpoint[]> {
  const { rows } = await sql<StoredCheckpoint>`
    select size::float8 as size, note from keysweep.checkpoint c order by c.size
  `.execute(db);
  return rows;
}

/** The first checkpoint of a size stays; another replica may have signed the same. */
export async function writeCheckpoint(db: Records, { size, note }: StoredCheckpoint) {
  await sql`
    insert into keysweep.checkpoint (size, note) values (${size}, ${note}) on conflict do nothing
  `.execute(db);
}

/** Adds cosignatures below those that a checkpoint has; each key signs it once. */
export async function addSignatures(
  db: Records,
  size: number,
  signatures: readonly NoteSignature[],
): Promise<void> {
  for (const signature of signatures) {
    const line = encodeSignature(signature);
    await sql`
      update keysweep.checkpoint set note = note || ${line}
      where size = ${size} and strpos(note, ${beginningOf(signature, line)}) = 0
    `.execute(db);
  }
}

/** Up to where all signatures of one key are the same: five digits of Base64 are 30 bits of its id. */
function beginningOf({ name }: NoteSignature, line: string): string {
  return line.slice(0, line.indexOf(`${name} `) + name.length + 1 + 5);
}

/** Leaves in their order, from one on. */
export async function readLeafHashes(
  db: Records,
  from: number,
  most: number,
): Promise<readonly { readonly n: number; readonly body: string; readonly hash: Uint8Array }[]> {
  const { rows } = await sql<{ n: number; body: string; hash: Uint8Array }>`
    select n::float8 as n, body, hash from keysweep.log_leaf l
    where l.n >= ${from} order by l.n limit ${most}
  `.execute(db);
  return rows;
}
