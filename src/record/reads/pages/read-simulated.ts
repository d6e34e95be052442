import { sql } from 'kysely';
import type { Database } from '../../store/database.ts';

/** Whether the store holds a sweep that `keysweep demo` invented. */
export async function hasSimulatedSweeps({ db }: Database): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from keysweep.sweep where simulated) as found
  `.execute(db);
  return rows[0]?.found === true;
}
