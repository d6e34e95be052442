import { RequestRefused } from '../src/record/store/errors.ts';
import { openRequestedSweep } from '../src/record/sweeps/open-sweep.ts';
import { readRequestedFiles, refuseRequest } from '../src/record/sweeps/requests.ts';
import { planDeadline } from '../src/schedule/plan-deadline.ts';
import type { JobContext } from './context.ts';
import { queueBatches } from './queueing/queue-batches.ts';

/**
 * Opens the sweep that a request asks for. A refused request keeps the reason, and its job fails.
 */
export async function openRequest(request: string, context: JobContext): Promise<void> {
  const { config, database, files, sources } = context;
  sources.prepare();
  const { deadlineMs } = planDeadline(config.schedules, undefined);
  try {
    const inputs = await files.inputsFor(await readRequestedFiles(database, request));
    const opened = await openRequestedSweep(database, request, deadlineMs, inputs);
    if (opened !== undefined) await queueBatches(opened, context);
  } catch (error) {
    if (error instanceof RequestRefused) await refuseRequest(database, request, error.message);
    throw error;
  }
}
