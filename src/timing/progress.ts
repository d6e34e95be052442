import { AsyncLocalStorage } from 'node:async_hooks';

/** Whether a job goes on: each answer, finished statement or declared wait is a sign of it. */
export interface Progress {
  /** The job goes on. `quietMs`: the next sign may take this long, because of a wait that ends. */
  note(quietMs?: number): void;
  /** Milliseconds since the last sign, or since its wait should have ended. */
  silentMs(): number;
}

/** `ticks`: milliseconds of a clock that never jumps. */
export function createProgress(ticks: () => number = () => performance.now()): Progress {
  let due = ticks();
  return {
    note(quietMs = 0) {
      due = Math.max(due, ticks() + quietMs);
    },
    silentMs: () => Math.max(0, ticks() - due),
  };
}

const current = new AsyncLocalStorage<Progress>();

/** Runs `work` so that everything in it notes its progress in `progress`. */
export function withProgress<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  return current.run(progress, work);
}

/** The progress of the job that this code runs in; undefined outside jobs. */
export function currentProgress(): Progress | undefined {
  return current.getStore();
}
