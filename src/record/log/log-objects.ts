import { sql } from 'kysely';
import { encodeChanges } from '../../evidence/changes.ts';
import { nameObject } from '../../evidence/manifest.ts';
import type { Records, RecordsTransaction } from '../store/database.ts';
import { keepObject } from './keep-object.ts';

/** Most sweeps change nothing, so this object is made anew instead of kept. */
const noChanges = encodeChanges([]);
const noChangesName = nameObject(noChanges);

/** Keeps what a sweep changed of findings. Returns the name of the object. */
export async function keepChanges(tx: RecordsTransaction, text: string): Promise<string> {
  return text === noChanges ? noChangesName : keepObject(tx, text);
}

/** The object of this name, as text; undefined if it is not there. Compare it with its name. */
export async function readObject(db: Records, name: string): Promise<string | undefined> {
  if (name === noChangesName) return noChanges;
  const { rows } = await sql<{ body: Uint8Array }>`
    select body from keysweep.log_object where hash = ${Buffer.from(name, 'hex')}
  `.execute(db);
  return rows[0] && Buffer.from(rows[0].body).toString();
}

/** Removes the object of this name, with the sweep that it belongs to. */
export async function removeObject(tx: Records, name: string): Promise<void> {
  await sql`
    delete from keysweep.log_object where hash = ${Buffer.from(name, 'hex')}
  `.execute(tx);
}
