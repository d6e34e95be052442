import { setTimeout as wait } from 'node:timers/promises';
import type { Operations } from '../../operations/index.ts';
import { ServerError } from '../../operations/remote/server-error.ts';
import { isPassingFailure } from '../../record/store/is-passing-failure.ts';
import { codeOfPostgres } from '../../record/store/postgres/describe-refusal.ts';
import type { RequestProgress } from '../../record/sweeps/requests.ts';
import { renderCount } from '../../text/render-count.ts';
import { insist } from '../../timing/insist.ts';
import { CommandFailed } from '../terminal.ts';
import type { ProgressBar } from './progress.ts';
import { renderWaits, type Wordings } from './render-waits.ts';
import { sayStalls } from './say-stalls.ts';
import { watchEnd } from './watch-end.ts';
import { type Stall, watchStall } from './watch-stall.ts';

/** Polls often at first, so that a short sweep is noticed at once. */
const pollMs = { first: 150, later: 500, laterAfter: 3_000 };
/** How long to wait for the alerts of a sweep. The next run delivers the rest. */
const alertsMs = 30_000;

export interface SweepWait {
  readonly operations: Operations;
  readonly requestId: string;
  readonly bar: ProgressBar;
  /** Prints a line now and then when no progress bar is drawn. */
  readonly sayLine?: ((line: string) => void) | undefined;
  readonly signal: AbortSignal;
  /** As in `AskedStore`. */
  readonly goesOn: string;
  /** Measures how long nobody does the work; by default, `performance.now`. */
  readonly now?: () => number;
}

/** Waits until the requested sweep is closed, and returns its id. Throws if nobody will close it. */
export async function waitForSweep(waiting: SweepWait): Promise<string> {
  const startedAt = performance.now();
  const sayStall = waiting.sayLine && sayStalls(waiting.sayLine);
  const lookForStall = watchStall(() => waiting.operations.pending({ id: waiting.requestId }));
  const endOf = watchEnd(waiting.now ?? (() => performance.now()));
  for (;;) {
    const progress = await look(waiting);
    if (progress.closed && progress.sweepId !== null) return progress.sweepId;
    const stall = await lookForStall(progress);
    show(waiting, progress, stall);
    sayStall?.(progress, stall);
    const end = endOf(progress);
    if (end !== undefined) {
      throw new CommandFailed(`${end}; the request continues ${waiting.goesOn}`);
    }
    const early = performance.now() - startedAt < pollMs.laterAfter;
    await pause(waiting, early ? pollMs.first : pollMs.later);
  }
}

function show({ bar }: SweepWait, progress: RequestProgress, stall: Stall | undefined): void {
  const { sweepId, judged, tracked } = progress;
  const waits = waitsOf(progress);
  if (sweepId !== null && (waits !== undefined || stall === undefined)) {
    bar.show(judged, tracked, waits);
  } else bar.note(stall?.words ?? 'waiting for the sweep to open');
}

/** What the sweep waits for; undefined while other keys get their verdicts. */
function waitsOf({ waits, judged, tracked }: RequestProgress): Wordings | undefined {
  // A holder of an earlier build does not say.
  if (!waits) return undefined;
  const all = tracked - judged === (waits.askedAgain?.keys ?? 0);
  return renderWaits(all ? waits : { ...waits, askedAgain: null });
}

/** Waits for the alerts of the sweep, and returns how many are still pending at the end. */
export async function waitForAlerts(waiting: SweepWait): Promise<number> {
  const until = performance.now() + alertsMs;
  for (;;) {
    const { pendingAlerts } = await look(waiting);
    if (pendingAlerts === 0 || performance.now() > until) return pendingAlerts;
    waiting.bar.note(`delivering ${renderCount(pendingAlerts, 'alert')}`);
    await pause(waiting, pollMs.first);
  }
}

/** How often a look is tried while the database is away: for about a minute. */
const lookTries = 32;
/** Longer than a holder of the store may be silent. */
const lookMs = 70_000;

async function look({
  operations,
  requestId,
  signal,
  goesOn,
}: SweepWait): Promise<RequestProgress> {
  const ask = () => operations.progress({ id: requestId });
  const terms = { signal, tries: lookTries, mayPass, mostMs: lookMs };
  const progress = await insist(ask, { ...terms, failed: () => undefined }).catch((error) => {
    if (!isPassingFailure(error)) throw error;
    throw new CommandFailed(
      `the database is away (${codeOfPostgres(error)}); the request continues ${goesOn}`,
    );
  });
  if (progress === undefined) throw new CommandFailed('the request is no longer in the store');
  if (progress.refused !== null) throw new CommandFailed(progress.refused);
  return progress;
}

/** The database is away, or the server. */
function mayPass(error: Error): boolean {
  return isPassingFailure(error) || (error instanceof ServerError && error.retryable);
}

async function pause({ signal, goesOn }: SweepWait, ms: number): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {
    throw new CommandFailed(`stopped; the request continues ${goesOn}`);
  });
}
