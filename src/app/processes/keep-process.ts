import { inTime } from '../../timing/in-time.ts';
import type { ProcessEnd, WorkerProcess } from './fork-worker.ts';
import type { ToWorker } from './messages.ts';
import { planRestart } from './plan-restart.ts';

/** A worker process that is started again whenever it ends. */
export interface KeptProcess {
  send(message: ToWorker): void;
  /** Asks it to stop, and kills it if it has not ended in time. */
  stop(): Promise<void>;
  /** Ends it now. */
  kill(): void;
}

/** It ended by itself, and is started again after `waitMs`. */
export type OnEnd = (end: ProcessEnd, process: WorkerProcess, waitMs: number) => void;

/** All parts of a process have nine seconds to close. Docker kills after ten. */
const stopWithinMs = 9_300;

export function keepProcess(start: () => WorkerProcess, onEnd: OnEnd): KeptProcess {
  let running: WorkerProcess | undefined;
  let endsInRow = 0;
  let again: NodeJS.Timeout | undefined;
  let isStopping = false;
  const run = async () => {
    const startedAt = performance.now();
    const started = start();
    running = started;
    const end = await started.ended;
    running = undefined;
    if (isStopping) return;
    const { waitMs, ...next } = planRestart(endsInRow, performance.now() - startedAt);
    endsInRow = next.endsInRow;
    again = setTimeout(run, waitMs);
    onEnd(end, started, waitMs);
  };
  void run();
  return {
    send: (message) => running?.send(message),
    kill: () => running?.kill(),
    async stop() {
      isStopping = true;
      clearTimeout(again);
      const last = running;
      last?.send({ kind: 'stop' });
      await inTime(Promise.resolve(last?.ended), stopWithinMs).catch(() => {
        last?.kill();
        return last?.ended;
      });
    },
  };
}
