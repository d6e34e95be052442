import { Worker } from 'node:worker_threads';
import type { Answer } from '../flexcharge/key-source.ts';
import { createCounter } from './create-counter.ts';
import { PaceUnavailable, SourcesGone } from './errors.ts';
import type { FromThread, ObserveOrder, ThreadData, ToThread } from './messages.ts';
import type { OpenLimiter } from './open-limiter.ts';

export interface SourcesThread {
  /** An answer a key, in their order. Rejects with the signal's reason when aborted. */
  observe(order: ObserveOrder, signal: AbortSignal): Promise<readonly Answer[]>;
  close(): Promise<void>;
}

interface Call {
  readonly source: string;
  resolve(answers: readonly Answer[]): void;
  reject(error: unknown): void;
}

/**
 * Answers are small and short-lived; without a limit the thread's heap would grow all the same. Of
 * 16, 32, 64 and 128 MB for the young ones, 32 cost the least processor time a sweep.
 */
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 32 };

/** Starts the thread with the first call, and anew with the next one after it was lost. */
export function startThread(data: ThreadData, open: OpenLimiter): SourcesThread {
  const calls = new Map<number, Call>();
  const count = createCounter(open);
  let newest = 0;
  let thread: Worker | undefined;

  const start = (): Worker => {
    const started = new Worker(new URL('./sources-thread.js', import.meta.url), {
      workerData: data,
      resourceLimits,
    });
    const lost = () => {
      if (thread === started) thread = undefined;
      for (const { reject } of calls.values()) reject(new SourcesGone());
      calls.clear();
    };
    started.on('message', (message: FromThread) => void hear(message, started));
    started.on('error', lost);
    started.on('exit', lost);
    return started;
  };
  const hear = async (message: FromThread, from: Worker) => {
    if (message.kind === 'count') {
      const counted = await count(message.count);
      from.postMessage({ kind: 'counted', call: message.call, counted } satisfies ToThread);
      return;
    }
    const call = calls.get(message.call);
    calls.delete(message.call);
    if (message.kind === 'observed') call?.resolve(message.answers);
    else call?.reject(errorOf(message.code, call.source));
  };

  return {
    observe(order, signal) {
      signal.throwIfAborted();
      newest += 1;
      const call = newest;
      thread ??= start();
      const asked = thread;
      const leave = () => asked.postMessage({ kind: 'abort', call } satisfies ToThread);
      signal.addEventListener('abort', leave, { once: true });
      return new Promise<readonly Answer[]>((resolve, reject) => {
        calls.set(call, { source: order.source, resolve, reject });
        asked.postMessage({ kind: 'observe', call, order } satisfies ToThread);
      })
        .catch((error: unknown) => {
          signal.throwIfAborted();
          throw error;
        })
        .finally(() => signal.removeEventListener('abort', leave));
    },
    async close() {
      const ending = thread;
      if (ending === undefined) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.postMessage({ kind: 'close' } satisfies ToThread);
      await ended;
    },
  };
}

function errorOf(code: string, source: string): Error {
  return code === 'KEYSWEEP_PACE_UNAVAILABLE' ? new PaceUnavailable(source) : new SourcesGone();
}
