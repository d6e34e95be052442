import { setMaxListeners } from 'node:events';
import type { Answer } from '../flexcharge/key-source.ts';
import type { PendingKey } from '../record/claim-batch.ts';

/** What the vendor's client made of one key. */
export interface AskedKey {
  readonly pending: PendingKey;
  readonly answer: Answer;
}

export type Ask = (pending: PendingKey, signal: AbortSignal) => Promise<Answer>;

/**
 * Asks for all keys at once. When one call rejects (the rate limit cannot be counted, say) the
 * others are aborted and waited for, so that nothing goes on behind the caller's back; what was
 * learned until then is kept, and the rest is to be asked again at no cost of attempts. Rejects
 * when nothing was learned, or with the signal's reason.
 */
export async function askAll(
  keys: readonly PendingKey[],
  ask: Ask,
  signal: AbortSignal,
): Promise<readonly AskedKey[]> {
  const failing = new AbortController();
  const either = AbortSignal.any([signal, failing.signal]);
  setMaxListeners(0, either);
  const calls = keys.map(async (pending) => {
    try {
      return { pending, answer: await ask(pending, either) };
    } catch (error) {
      failing.abort(error);
      throw error;
    }
  });
  const ended = await Promise.allSettled(calls);
  signal.throwIfAborted();
  if (!failing.signal.aborted) return ended.flatMap(learned);
  if (!ended.some(({ status }) => status === 'fulfilled')) throw failing.signal.reason;
  return ended.map((end, index) => learned(end)[0] ?? notAsked(keys[index] as PendingKey));
}

function learned(end: PromiseSettledResult<AskedKey>): readonly AskedKey[] {
  return end.status === 'fulfilled' ? [end.value] : [];
}

function notAsked(pending: PendingKey): AskedKey {
  const detail = 'the rate limit could not be counted';
  return { pending, answer: { kind: 'unanswered', reason: 'rate-limited', detail, counts: false } };
}
