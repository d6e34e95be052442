import { createProgress, withProgress } from '../timing/progress.ts';
import { JobStuck } from './errors.ts';

/** How often the watch looks, as a part of the time that a job may be silent. */
const looks = 10;

/**
 * Runs a job. If it shows no progress for `stuckMs`, aborts its signal and rejects with `JobStuck`,
 * even if the job itself never ends: the queue can then give it to a healthy worker. What the job
 * still does later is refused by its fencing token.
 */
export async function endIfStuck<T>(
  work: (signal: AbortSignal) => Promise<T>,
  stuckMs: number,
): Promise<T> {
  const progress = createProgress();
  const stuck = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (progress.silentMs() < stuckMs) return;
      const error = new JobStuck(stuckMs);
      stuck.abort(error);
      reject(error);
    }, stuckMs / looks);
  });
  const running = withProgress(progress, () => work(stuck.signal));
  running.catch(() => undefined);
  return Promise.race([running, ended]).finally(() => clearInterval(timer));
}
