import { setMaxListeners } from 'node:events';
import { PaceUnavailable } from './errors.ts';
import type { Answer } from './key-source.ts';

/**
 * Asks for all keys, at most `atOnce` at a time; the answers come in their order. If the rate limit
 * cannot be counted, the other calls are aborted and waited for, so that no call outlives this one.
 * The answers so far are kept; the other keys are asked for again and lose no attempt. Rejects if
 * there is no answer at all, or with the signal's reason. Any other error concerns one key alone:
 * it costs that key an attempt, and goes to `onFault`.
 */
export async function askAll<K>(
  keys: readonly K[],
  ask: (key: K, signal: AbortSignal) => Promise<Answer>,
  signal: AbortSignal,
  atOnce: number,
  onFault: (error: unknown) => void,
): Promise<readonly Answer[]> {
  const failing = new AbortController();
  const either = AbortSignal.any([signal, failing.signal]);
  setMaxListeners(0, either);
  const answers = new Map<number, Answer>();
  const waiting = keys.entries();
  const faultOf = (error: unknown): Answer => {
    if (either.aborted || error instanceof PaceUnavailable) throw error;
    onFault(error);
    return notUnderstood;
  };
  const work = async () => {
    for (const [index, key] of waiting) {
      if (either.aborted) return;
      answers.set(index, await ask(key, either).catch(faultOf));
    }
  };
  const chains = Array.from({ length: Math.min(atOnce, keys.length) }, () =>
    work().catch((error) => failing.abort(error)),
  );
  await Promise.all(chains);
  signal.throwIfAborted();
  if (failing.signal.aborted && answers.size === 0) throw failing.signal.reason;
  return keys.map((_, index) => answers.get(index) ?? notAsked);
}

const notUnderstood: Answer = {
  kind: 'unanswered',
  reason: 'invalid-response',
  detail: 'the answer could not be worked on',
  counts: true,
};

const notAsked: Answer = {
  kind: 'unanswered',
  reason: 'rate-limited',
  detail: 'the rate limit could not be counted',
  counts: false,
};
