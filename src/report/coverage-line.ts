import type { Coverage } from '../keys/coverage.ts';
import { type SimulatedMark, simulatedNote } from './simulated.ts';

/** The first line of every report: “412 of 415 audited, 3 unknown”. */
export function coverageLine({ tracked, audited, unknown, partial }: Coverage): string {
  const inPart = partial === 0 ? '' : `; ${partial} audited only in part`;
  return `${audited} of ${tracked} audited, ${unknown} unknown${inPart}`;
}

/** A caveat that the coverage line leaves out. */
export const coverageNote =
  'Coverage is of the inventory only: a key that nobody tracks is not seen.';

/** What follows the coverage line of a sweep's report, a sentence each. */
export function notesOf({ simulated }: SimulatedMark): readonly string[] {
  return simulated === true ? [simulatedNote, coverageNote] : [coverageNote];
}
