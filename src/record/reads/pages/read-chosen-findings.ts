import { sql } from 'kysely';
import type { ReportFinding } from '../../../report/model.ts';
import type { Database } from '../../store/database.ts';
import { readFindingRows, toFinding } from '../lists/read-findings-page.ts';

/** The findings with these fingerprints; those that are not kept are left out. */
export async function readChosenFindings(
  database: Database,
  fingerprints: readonly string[],
): Promise<readonly ReportFinding[]> {
  const ids = sql`
    select id from keysweep.finding where fingerprint = any (${[...fingerprints]}::text[])
  `;
  const rows = await readFindingRows(database, ids, sql`f.source, f.key_text, f.rule collate "C"`);
  return rows.map(toFinding);
}
