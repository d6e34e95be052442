import { readDatabaseTimes } from '../../record/sweeps/unfinished.ts';
import type { Examination } from '../examination.ts';
import { type Line, notRun, well } from '../line.ts';
import { planClock } from '../plan/plan-clock.ts';

/** Compares the clock of the database with this machine's. */
export async function checkClock({ config, store, now }: Examination): Promise<readonly Line[]> {
  if (config.store.kind === 'embedded') {
    return [well('database', "the embedded store uses this machine's clock")];
  }
  const examined = await store;
  const database = examined.kind === 'read' ? examined.database : undefined;
  if (database === undefined) {
    return [notRun('database', 'the store cannot be read', 'mend the store first')];
  }
  // The first answer may include the time that a new connection takes.
  await readDatabaseTimes(database);
  const beforeMs = now().getTime();
  const times = await readDatabaseTimes(database);
  const reading = { otherMs: times.now.getTime(), beforeMs, afterMs: now().getTime() };
  return [planClock('database', { ...reading, stepMs: 1 })];
}
