import { RequestRefused } from '../src/record/store/errors.ts';
import { openRequestedSweep } from '../src/record/sweeps/open-sweep.ts';
import { refuseRequest } from '../src/record/sweeps/requests.ts';
import { planDeadline } from '../src/schedule/plan-deadline.ts';
import type { JobContext } from './context.ts';
import { queueBatches } from './queueing/queue-batches.ts';

/** Opens what was asked for; a request that cannot be is ended with its reason, and fails its job. */
export async function openRequest(request: string, context: JobContext): Promise<void> {
  const { config, database, inputs, sources } = context;
  sources.prepare();
  const { deadlineMs } = planDeadline(config.schedules, undefined);
  try {
    const opened = await openRequestedSweep(database, request, deadlineMs, inputs);
    if (opened !== undefined) await queueBatches(opened, context);
  } catch (error) {
    if (error instanceof RequestRefused) await refuseRequest(database, request, error.message);
    throw error;
  }
}
