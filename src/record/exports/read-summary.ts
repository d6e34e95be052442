import { sql } from 'kysely';
import { summarise } from '../../evidence/summary/summarise.ts';
import type { Summary } from '../../evidence/summary/summary.ts';
import { listSweeps } from '../../evidence/sweeps/closed-sweeps.ts';
import type { Records } from '../store/database.ts';
import type { ExportedLog } from './export-pack.ts';
import { readAllLeaves, readSweepEvidence } from './read-texts.ts';

/** The period of a summary, and the program that makes it. */
export interface SummaryTerms {
  readonly from: Date;
  /** And before this instant. */
  readonly to: Date;
  readonly keysweep: string;
  readonly timezones: string;
}

/**
 * What the evidence says of a period, as the summary of its pack does. Reads all leaves, and of the
 * sweeps of the period their changes and policies; no batch and nothing that vendors said.
 */
export async function readSummary(
  db: Records,
  { from, to, keysweep, timezones }: SummaryTerms,
  { size, origin, installation }: Pick<ExportedLog, 'size' | 'origin' | 'installation'>,
): Promise<Summary> {
  const leaves = await readAllLeaves(db, size);
  const closed = listSweeps(leaves, { from, to });
  const kept = await findKept(
    db,
    closed.map(({ event }) => event.sweep),
  );
  const sweeps = closed.filter(({ event }) => kept.has(event.sweep));
  const period = { from: from.toISOString(), to: to.toISOString() };
  const info = { ...period, size, origin, installation, keysweep, timezones };
  return summarise({ info, leaves, ...(await readSweepEvidence(db, sweeps)) });
}

/** A pack has nothing of a sweep whose row is gone. */
async function findKept(db: Records, uuids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ uuid: string }>`
    select uuid::text as uuid from keysweep.sweep where uuid = any(${uuids}::uuid[])
  `.execute(db);
  return new Set(rows.map(({ uuid }) => uuid));
}
