import { Worker } from 'node:worker_threads';
import type { Answer } from '../key-source.ts';
import { answerPermitsCalls } from '../limit/answer-permits-calls.ts';
import type { OpenPermits } from '../limit/permits.ts';
import type { SourceFigures } from '../source-watch.ts';
import { codeOf } from './code-of.ts';
import type { FromThread, ObserveOrder, ThreadData, ToThread } from './messages.ts';
import { createThreadCalls } from './thread-calls.ts';

export interface SourcesThread {
  /** Starts the thread before the first call, because loading it takes longer than a batch. */
  prepare(): void;
  /** One answer per key, in their order. If aborted, rejects with the signal's reason. */
  observe(order: ObserveOrder, signal: AbortSignal): Promise<readonly Answer[]>;
  close(): Promise<void>;
}

/** Logs that the thread was lost, or that it had a fault with one key. */
export type OnThreadTrouble = (what: 'lost' | 'fault', code: string) => void;

/** Takes what happened at a source. A new thread has paused none. */
export type OnSourceFigures = (source: string, figures: SourceFigures) => void;

const unpaused: SourceFigures = { requests: [], waits: 0, waitedMs: 0, pauses: 0, paused: false };

/**
 * Without limits, the thread's heap would grow, although answers are small and short-lived. A sweep
 * took the same time with a young generation of 16 to 64 MB; 8 took more time, 128 more memory.
 */
const resourceLimits = { maxOldGenerationSizeMb: 1_024, maxYoungGenerationSizeMb: 32 };

/**
 * Starts the thread when it is first needed, and again after it was lost. `permits`: those that it
 * shares with other processes, if there are any.
 */
export function startThread(
  data: Omit<ThreadData, 'sharesPermits'>,
  permits: OpenPermits | undefined,
  onTrouble: OnThreadTrouble,
  onFigures: OnSourceFigures = () => undefined,
): SourcesThread {
  const calls = createThreadCalls();
  const workerData: ThreadData = { ...data, sharesPermits: permits !== undefined };
  const answer = permits && answerPermitsCalls(permits);
  let thread: Worker | undefined;

  const hear = async (message: FromThread, from: Worker) => {
    if (message.kind === 'fault') onTrouble('fault', message.code);
    else if (message.kind === 'figures') onFigures(message.source, message.figures);
    else if (message.kind === 'progress') calls.note(message.source, message.quietMs);
    else if (message.kind !== 'permits') calls.settle(message);
    else {
      const reply = (await answer?.(message.what)) ?? { kind: 'unavailable' };
      send(from, { kind: 'permits', call: message.call, reply });
    }
  };
  const start = (): Worker => {
    const file = new URL('./sources-thread.js', import.meta.url);
    const started = new Worker(file, { workerData, resourceLimits });
    started.on('message', (message: FromThread) => void hear(message, started));
    started.on('error', (error) => onTrouble('lost', codeOf(error)));
    started.on('exit', () => {
      if (thread === started) thread = undefined;
      for (const { id } of data.sources) onFigures(id, unpaused);
      calls.lose(started);
    });
    return started;
  };

  return {
    prepare() {
      try {
        thread ??= start();
      } catch (error) {
        // For example, no more threads can be started. The sweep opens; asking for keys fails.
        onTrouble('lost', codeOf(error));
      }
    },
    async observe(order, signal) {
      signal.throwIfAborted();
      thread ??= start();
      const asked = thread;
      const { call, answers } = calls.add(asked, order.source);
      const leave = () => send(asked, { kind: 'abort', call });
      signal.addEventListener('abort', leave, { once: true });
      send(asked, { kind: 'observe', call, order });
      try {
        return await answers;
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
    async close() {
      const ending = thread;
      if (ending === undefined) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      send(ending, { kind: 'close' });
      await ended;
    },
  };
}

function send(thread: Worker, message: ToThread): void {
  thread.postMessage(message);
}
