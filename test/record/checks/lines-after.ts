import { sql } from 'kysely';
import { expect } from 'vitest';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import type { CheckTerms } from '../../../src/record/checks/check-records.ts';
import type { Database, RecordsTransaction } from '../../../src/record/store/database.ts';
import { checkWithin } from './check.ts';

class Undo extends Error {}

/** The lines of what is found after an edit, which is then undone. */
export async function linesAfter(
  database: Database,
  edit: string | ((tx: RecordsTransaction) => Promise<void>),
  terms: CheckTerms = {},
): Promise<string[]> {
  let lines: string[] = [];
  const edited = database.transact(async (tx) => {
    if (typeof edit === 'string') await sql.raw(edit).execute(tx);
    else await edit(tx);
    lines = (await checkWithin(tx, terms)).differences.map(renderDifference);
    throw new Undo();
  });
  await expect(edited).rejects.toThrow(Undo);
  return lines;
}
