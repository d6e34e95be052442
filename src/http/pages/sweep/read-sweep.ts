import { readSweepFacts, type SweepFacts } from '../../../record/reads/pages/read-sweep-page.ts';
import type { Database } from '../../../record/store/database.ts';
import { readWaits, type SweepWaits } from '../../../record/sweeps/read-waits.ts';

/** A sweep, and what it waits for while it is open. */
export interface ShownSweep extends SweepFacts {
  readonly waits: SweepWaits | null;
}

/** Undefined if no sweep has an id that begins so. */
export async function readSweep(
  database: Database,
  beginning: string,
): Promise<ShownSweep | undefined> {
  const facts = await readSweepFacts(database, beginning);
  if (facts === undefined) return undefined;
  const waits = facts.status === 'open' ? await readWaits(database, facts.id) : null;
  return { ...facts, waits };
}
