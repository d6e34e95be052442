import type { Worker } from 'node:worker_threads';
import { currentProgress, type Progress } from '../../timing/progress.ts';
import { PaceUnavailable, SourcesGone } from '../errors.ts';
import type { Answer } from '../key-source.ts';
import type { FromThread } from './messages.ts';

interface Call {
  readonly thread: Worker;
  readonly source: string;
  readonly progress: Progress | undefined;
  resolve(answers: readonly Answer[]): void;
  reject(error: unknown): void;
}

/** The calls that threads have not answered yet. */
export interface ThreadCalls {
  /** Records a call; its number goes with the request, and comes back with the answers. */
  add(
    thread: Worker,
    source: string,
  ): { readonly call: number; readonly answers: Promise<readonly Answer[]> };
  /** The source goes on, and so do the jobs that wait for its answers. */
  note(source: string, quietMs: number): void;
  settle(message: Extract<FromThread, { kind: 'observed' | 'failed' }>): void;
  /** Rejects the calls of a lost thread; those of the next thread continue. */
  lose(thread: Worker): void;
}

export function createThreadCalls(): ThreadCalls {
  const calls = new Map<number, Call>();
  let newest = 0;
  return {
    add(thread, source) {
      newest += 1;
      const call = newest;
      const progress = currentProgress();
      const answers = new Promise<readonly Answer[]>((resolve, reject) => {
        calls.set(call, { thread, source, progress, resolve, reject });
      });
      return { call, answers };
    },
    note(source, quietMs) {
      for (const call of calls.values()) {
        if (call.source === source) call.progress?.note(quietMs);
      }
    },
    settle(message) {
      const call = calls.get(message.call);
      calls.delete(message.call);
      if (message.kind === 'observed') call?.resolve(message.answers);
      else call?.reject(errorOf(message.code, call.source));
    },
    lose(thread) {
      for (const [id, call] of calls) {
        if (call.thread !== thread) continue;
        calls.delete(id);
        call.reject(new SourcesGone());
      }
    },
  };
}

function errorOf(code: string, source: string): Error {
  return code === 'KEYSWEEP_PACE_UNAVAILABLE' ? new PaceUnavailable(source) : new SourcesGone();
}
