import { sql } from 'kysely';
import type { Records } from '../store/database.ts';

/** The text of the policy of this name: its SHA-256 in hex. */
export async function readPolicyObject(db: Records, name: string): Promise<string | undefined> {
  const { rows } = await sql<{ text: string }>`
    select text from keysweep.policy where hash = ${`sha256:${name}`}
  `.execute(db);
  return rows[0]?.text;
}
