import type { AbortWatch } from './abort-watch.ts';

/** Calls that wait in line. */
export interface WaitingLine {
  readonly length: () => number;
  /**
   * Waits in line behind the calls of the same `turn` and of lower ones. If aborted, leaves and
   * rejects with the signal's reason.
   */
  wait(signal: AbortSignal, turn?: number): Promise<void>;
  /** Lets the first one go. */
  next(): void;
  /** Ends all waits with this error. */
  sendAway(error: Error): void;
}

interface Waiting {
  readonly turn: number;
  readonly go: () => void;
  readonly leave: (error: unknown) => void;
}

export function createWaitingLine(aborts: AbortWatch): WaitingLine {
  // An array, not a set: `createAbortWatch` says why.
  const line: Waiting[] = [];
  return {
    length: () => line.length,
    wait: (signal, turn = 0) =>
      new Promise((resolve, reject) => {
        const endWatch = aborts.on(signal, () => {
          line.splice(line.indexOf(waiting), 1);
          waiting.leave(signal.reason);
        });
        const waiting: Waiting = {
          turn,
          go() {
            endWatch();
            resolve();
          },
          leave(error) {
            endWatch();
            reject(error);
          },
        };
        let place = line.length;
        while ((line[place - 1]?.turn ?? turn) > turn) place -= 1;
        line.splice(place, 0, waiting);
      }),
    next: () => line.shift()?.go(),
    sendAway(error) {
      for (const waiting of line.splice(0)) waiting.leave(error);
    },
  };
}
