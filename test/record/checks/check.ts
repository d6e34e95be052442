import type { CheckedRecords } from '../../../src/evidence/differences/check-result.ts';
import { type CheckedPeriod, checkRecords } from '../../../src/record/checks/check-records.ts';
import type { Records } from '../../../src/record/store/database.ts';

/** Compares the records with the log, to the end. */
export async function check(db: Records, period: CheckedPeriod = {}): Promise<CheckedRecords> {
  const checking = checkRecords(db, period);
  let step = await checking.next();
  while (step.done !== true) step = await checking.next();
  return step.value;
}
