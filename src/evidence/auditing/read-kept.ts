import type { KeptCheckpoint, Trust } from '../verify/trust.ts';
import { AuditRefused } from './audit-refused.ts';
import { findCheckpoints } from './find-checkpoints.ts';
import { decodeGiven, type GivenPlaces, readGiven } from './read-given.ts';

/** A mail is small; a mailbox with thousands of them is not. */
const mostBytes = 128 * 1024 * 1024;

/**
 * The checkpoints in files that the auditor kept. Throws `AuditRefused` for a file without one: it
 * must not look as if it had been compared.
 */
export async function readKept(
  places: GivenPlaces,
  files: readonly string[],
  { logKeys }: Pick<Trust, 'logKeys'>,
): Promise<readonly KeptCheckpoint[]> {
  const names = logKeys.map(({ name }) => name);
  const kept: KeptCheckpoint[] = [];
  for (const file of files) {
    const bytes = await readGiven(places, { flag: '--saw', file, mostBytes });
    const found = findCheckpoints(decodeGiven(bytes), names);
    if (found.length === 0) throw new AuditRefused(`--saw ${file}: ${nothing}`);
    for (const checkpoint of found) kept.push({ file, ...checkpoint });
  }
  return kept;
}

const nothing =
  'no checkpoint was found in it; copy the name of the log, its size and its root, a line each, to a text file';
