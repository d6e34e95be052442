import type { Coverage } from '../keys/coverage.ts';

/** The first line of every report: “412 of 415 audited, 3 unknown”. */
export function coverageLine({ tracked, audited, unknown, partial }: Coverage): string {
  const inPart = partial === 0 ? '' : `; ${partial} audited only in part`;
  return `${audited} of ${tracked} audited, ${unknown} unknown${inPart}`;
}

/** A caveat that the coverage line leaves out. */
export const coverageNote =
  'Coverage is of the inventory only: a key that nobody tracks is not seen.';
