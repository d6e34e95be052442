import { sql } from 'kysely';
import { expect } from 'vitest';
import type { CheckedRecords } from '../../../src/evidence/differences/check-result.ts';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import { type CheckedPeriod, checkRecords } from '../../../src/record/checks/check-records.ts';
import type { Database, Records, RecordsTransaction } from '../../../src/record/store/database.ts';

export async function check(db: Records, period: CheckedPeriod = {}): Promise<CheckedRecords> {
  const checking = checkRecords(db, period);
  let step = await checking.next();
  while (step.done !== true) step = await checking.next();
  return step.value;
}

class Undo extends Error {}

/** The lines of what is found after an edit, which is then undone. */
export async function linesAfter(
  database: Database,
  edit: string | ((tx: RecordsTransaction) => Promise<void>),
): Promise<string[]> {
  let lines: string[] = [];
  const edited = database.transact(async (tx) => {
    if (typeof edit === 'string') await sql.raw(edit).execute(tx);
    else await edit(tx);
    lines = (await check(tx)).differences.map(renderDifference);
    throw new Undo();
  });
  await expect(edited).rejects.toThrow(Undo);
  return lines;
}
