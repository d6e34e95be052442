import type { CheckedRecords } from '../../../src/evidence/differences/check-result.ts';
import { type CheckTerms, checkRecords } from '../../../src/record/checks/check-records.ts';
import type { Database, Records } from '../../../src/record/store/database.ts';

/** Compares the records with the log, to the end. */
export async function check(
  database: Pick<Database, 'db' | 'view'>,
  terms: CheckTerms = {},
): Promise<CheckedRecords> {
  const checking = checkRecords(database, terms);
  let step = await checking.next();
  while (step.done !== true) step = await checking.next();
  return step.value;
}

/** The same within a transaction, whatever that has changed. */
export function checkWithin(tx: Records, terms: CheckTerms = {}): Promise<CheckedRecords> {
  return check({ db: tx, view: (work) => work(tx) }, terms);
}
