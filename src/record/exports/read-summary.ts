import type { Period } from '../../evidence/period.ts';
import type { MakerVersions } from '../../evidence/summary/pack-texts.ts';
import { summarise } from '../../evidence/summary/summarise.ts';
import type { Summary } from '../../evidence/summary/summary.ts';
import { listSweeps } from '../../evidence/sweeps/closed-sweeps.ts';
import type { Records } from '../store/database.ts';
import type { ExportedLog } from './export-pack.ts';
import { findSweepRows } from './find-sweep-rows.ts';
import { readParsedLeaves } from './read-parsed-leaves.ts';
import { readSummaryEvidence } from './read-texts.ts';

/** The period of a summary, and the program that makes it. */
export interface SummaryTerms extends Period, MakerVersions {}

/**
 * What the evidence says of a period, as the summary of its pack does. Reads all leaves, and of the
 * sweeps of the period their changes and policies; no batch and nothing that vendors said.
 */
export async function readSummary(
  db: Records,
  { from, to, keysweep, timezones }: SummaryTerms,
  { size, origin, installation }: Pick<ExportedLog, 'size' | 'origin' | 'installation'>,
): Promise<Summary> {
  const leaves = await readParsedLeaves(db, size);
  const sweeps = await findSweepRows(db, listSweeps(leaves, { from, to }));
  const period = { from: from.toISOString(), to: to.toISOString() };
  const info = { ...period, size, origin, installation, keysweep, timezones };
  return summarise({ info, ...(await readSummaryEvidence(db, { leaves, sweeps })) });
}
