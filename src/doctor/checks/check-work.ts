import type { Examination } from '../examination.ts';
import { type Line, notRun, well } from '../line.ts';
import { planWork } from '../plan/plan-work.ts';

/** Looks for work that nobody does. */
export async function checkWork({ store }: Examination): Promise<readonly Line[]> {
  const examined = await store;
  if (examined.kind === 'read') return planWork(examined.facts);
  if (examined.kind === 'none') return [well('leases', 'no work yet')];
  return [notRun('leases', 'the store cannot be read', 'mend the store first')];
}
