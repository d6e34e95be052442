import { setTimeout as wait } from 'node:timers/promises';
import type { Operations } from '../operations/operations.ts';
import type { RequestProgress } from '../record/requests.ts';
import { renderCount } from '../render-count.ts';
import type { ProgressBar } from './progress.ts';
import { CommandFailed } from './terminal.ts';

/** A short sweep is told of at once; a long one is looked at less often. */
const pollMs = { first: 150, later: 500, laterAfter: 3_000 };
/** Alerts that a sweep caused are waited for so long; the rest is delivered by the next run. */
const alertsMs = 30_000;

export interface SweepWait {
  readonly operations: Operations;
  readonly requestId: string;
  readonly bar: ProgressBar;
  readonly signal: AbortSignal;
}

/** The id of the sweep that was asked for, once it is closed. */
export async function waitForSweep(waiting: SweepWait): Promise<string> {
  const startedAt = performance.now();
  for (;;) {
    const progress = await look(waiting);
    if (progress.closed && progress.sweepId !== null) return progress.sweepId;
    if (progress.sweepId === null) waiting.bar.note('waiting for the sweep to open');
    else waiting.bar.show(progress.judged, progress.tracked);
    const early = performance.now() - startedAt < pollMs.laterAfter;
    await pause(waiting.signal, early ? pollMs.first : pollMs.later);
  }
}

/** How many of the sweep's alerts are still to be delivered when the time for them is over. */
export async function waitForAlerts(waiting: SweepWait): Promise<number> {
  const until = performance.now() + alertsMs;
  for (;;) {
    const { pendingAlerts } = await look(waiting);
    if (pendingAlerts === 0 || performance.now() > until) return pendingAlerts;
    waiting.bar.note(`delivering ${renderCount(pendingAlerts, 'alert')}`);
    await pause(waiting.signal, pollMs.first);
  }
}

async function look({ operations, requestId }: SweepWait): Promise<RequestProgress> {
  const progress = await operations.readProgress(requestId);
  if (progress === undefined) throw new CommandFailed('the request is gone from the records');
  if (progress.refused !== null) throw new CommandFailed(progress.refused);
  return progress;
}

async function pause(signal: AbortSignal, ms: number): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {
    throw new CommandFailed('stopped; what was asked for goes on with the next run of keysweep');
  });
}
