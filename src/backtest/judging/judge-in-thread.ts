import { Worker } from 'node:worker_threads';
import { BacktestEnded, UnreadablePolicy } from '../errors.ts';
import type { FromJudge, ThreadPolicy, ToJudge } from './messages.ts';
import type { OpenPastJudge, PastKey } from './past-judge.ts';

/** A policy that needs more memory than this ends its thread, not the process. */
const resourceLimits = { maxOldGenerationSizeMb: 512 };

/**
 * Judges in a thread of its own, which ends `limitMs` milliseconds after its start, whatever it
 * does: every later call rejects with `BacktestEnded`. Without a limit it runs until it is closed.
 * `onEnd` hears once that the thread has ended.
 */
export function judgeInThread(limitMs: number | undefined, onEnd: () => void): OpenPastJudge {
  return async (text, approvals) => {
    const thread = startThread({ text, approvals }, limitMs, onEnd);
    const said = await thread.next();
    if (said.kind === 'policy') {
      const judge = async (keys: readonly PastKey[]) => {
        thread.send(keys);
        const judged = await thread.next();
        if (judged.kind !== 'judged') throw new BacktestEnded('its thread gave no judgement');
        return judged.judgements;
      };
      return { policy: said.policy, judge, close: thread.end };
    }
    await thread.end();
    if (said.kind === 'invalid') throw new UnreadablePolicy(said.message, said.faults);
    throw new BacktestEnded('its thread did not read the policy');
  };
}

/** A thread that answers each message with one. */
function startThread(policy: ThreadPolicy, limitMs: number | undefined, onEnd: () => void) {
  const worker = makeWorker(policy, onEnd);
  let ended: BacktestEnded | undefined;
  let waiting: { resolve(message: FromJudge): void; reject(error: Error): void } | undefined;
  const endWith = (error: BacktestEnded) => {
    ended ??= error;
    waiting?.reject(ended);
    waiting = undefined;
  };
  const limit =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          endWith(new BacktestEnded(`it took longer than ${limitMs / 1_000} s`));
          void worker.terminate();
        }, limitMs);
  worker.on('message', (message: FromJudge) => {
    waiting?.resolve(message);
    waiting = undefined;
  });
  worker.on('error', (error) => {
    endWith(new BacktestEnded(`its thread failed (${codeOf(error)})`));
  });
  worker.on('exit', () => {
    clearTimeout(limit);
    endWith(new BacktestEnded('its thread has ended'));
    onEnd();
  });
  return {
    send: (keys: ToJudge) => worker.postMessage(keys),
    async next(): Promise<FromJudge> {
      if (ended !== undefined) throw ended;
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    async end() {
      await worker.terminate();
    },
  };
}

/** Where the system has no thread or memory left, Node throws at once, and nothing ends later. */
function makeWorker(policy: ThreadPolicy, onEnd: () => void): Worker {
  const file = new URL('./judging-thread.js', import.meta.url);
  try {
    return new Worker(file, { workerData: policy, resourceLimits });
  } catch (error) {
    onEnd();
    throw new BacktestEnded(`its thread cannot start (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : name;
}
