import type { WorkCounts } from '../../http/metrics/note-work.ts';
import { type ForkParts, forkWorker, type WorkerProcess } from './fork-worker.ts';
import { keepProcess } from './keep-process.ts';
import type { FromWorker } from './messages.ts';

/** The worker processes that this one has started. */
export interface WorkerProcesses {
  /** Has them read the policy and the inventory again. */
  readFilesAgain(): void;
  /** Stops them all, in bounded time. */
  stop(): Promise<void>;
}

export interface ProcessesSetup extends ForkParts {
  /** How many work in all, with this one. */
  readonly processes: number;
  /** Who counts what they do, if anybody does. */
  readonly work: WorkCounts | undefined;
}

/** Starts the worker processes beside this one, and each again when it ends. */
export function startProcesses(setup: ProcessesSetup): WorkerProcesses {
  const { processes, log, work } = setup;
  const others = Array.from({ length: processes - 1 }, (_, index) => index + 2);
  const ready = new Set<number>();
  const facts = (number: number, { pid }: WorkerProcess) => {
    const working = 1 + ready.size;
    work?.working(working);
    return { process: number, worker: pid, working, of: processes };
  };
  const kept = others.map((number) => {
    const start = () => {
      const started = forkWorker(number, setup, (message) => {
        if (message.kind !== 'ready') note(number, message, work);
        else {
          ready.add(number);
          log.info(facts(number, started), 'a worker process is ready');
        }
      });
      return started;
    };
    return keepProcess(start, (end, ended, waitMs) => {
      ready.delete(number);
      work?.ended(number);
      const told = { ...facts(number, ended), ...end, waitMs };
      log.warn(told, 'a worker process ended; it is started again');
    });
  });
  // At a second signal, for one. None may outlive this process, even if it hangs.
  process.once('exit', () => {
    for (const one of kept) one.kill();
  });
  return {
    readFilesAgain() {
      for (const one of kept) one.send({ kind: 'read-files' });
    },
    async stop() {
      await Promise.all(kept.map((one) => one.stop()));
    },
  };
}

function note(
  number: number,
  message: Exclude<FromWorker, { readonly kind: 'ready' }>,
  work: WorkCounts | undefined,
): void {
  const watch = work?.watch(number);
  if (message.kind === 'figures') watch?.sourceFigures(message.source, message.figures);
  else watch?.delivered(message.channel, message.outcome);
}
