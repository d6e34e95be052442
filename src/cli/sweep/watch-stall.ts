import type { PendingKeys } from '../../record/reads/read-pending.ts';
import type { RequestProgress } from '../../record/sweeps/requests.ts';
import { renderStall } from './render-stall.ts';

/** A sweep counts as stalled after this time: the attempts of a key are seconds apart. */
const firstMs = 20_000;
const againMs = 60_000;

/** Why a wait makes no progress. `fresh` is true once a minute at most. */
export interface Stall {
  readonly words: string;
  readonly fresh: boolean;
}

/** Reports a request that makes no progress; undefined while it makes some. */
export function watchStall(
  readPending: () => Promise<PendingKeys | undefined>,
  now: () => number = () => performance.now(),
): (progress: RequestProgress) => Promise<Stall | undefined> {
  let moved = { to: '', at: now() };
  let read = { words: '', at: Number.NEGATIVE_INFINITY };
  let freshAt = Number.NEGATIVE_INFINITY;
  return async (progress) => {
    const at = now();
    const to = `${progress.sweepId} ${progress.judged}`;
    if (to !== moved.to) moved = { to, at };
    if (at - moved.at < firstMs) return undefined;
    const old = read.at < moved.at || at - read.at >= againMs;
    if (old) read = { words: renderStall(progress, await readPending()), at };
    const fresh = at - freshAt >= againMs;
    if (fresh) freshAt = at;
    return { words: read.words, fresh };
  };
}
