import { setTimeout as wait } from 'node:timers/promises';
import type { RateLimit } from '../../options/rate-limit.ts';
import { HeldBack, PaceUnavailable } from '../errors.ts';
import type { Pace } from '../key-source.ts';
import { type Budget, createBudget } from './budget.ts';
import type { OpenLimiter } from './open-limiter.ts';

/** A fifth of the rate limit is kept for re-audits, so that a nightly sweep never delays one. */
const urgentShare = 0.2;
/** A longer single wait would not notice that a pause has ended early. */
const longestWaitMs = 10_000;
/** Callers do not wait out a longer pause, unless the window of the limit is as long. */
const longPauseMs = 60_000;

interface PaceWaits {
  readonly onWait?: () => void;
  readonly onWaited?: (ms: number) => void;
}

/**
 * The rate limit of one source, shared by all workers. `onWait` is called before each wait, and
 * `onWaited` after it, with its length.
 */
export function createPace(
  { id, rateLimit }: { readonly id: string; readonly rateLimit: RateLimit },
  open: OpenLimiter,
  { onWait, onWaited }: PaceWaits = {},
): Pace {
  const { requests, perMs } = rateLimit;
  const durationS = Math.max(1, Math.round(perMs / 1_000));
  const longestWindowMs = Math.max(longPauseMs, durationS * 1_000);
  const forUrgent = requests < 2 ? 0 : Math.max(1, Math.floor(requests * urgentShare));
  const budget = (name: string, points: number) =>
    createBudget(open({ keyPrefix: `${id}:${name}`, points, durationS }), points);
  const usual = budget('usual', requests - forUrgent);
  const urgent = forUrgent === 0 ? [] : [budget('urgent', forUrgent)];
  const guard = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch {
      throw new PaceUnavailable(id);
    }
  };

  const sitOut = async (ms: number, signal: AbortSignal) => {
    if (ms > longestWindowMs) throw new HeldBack(ms);
    onWait?.();
    const from = performance.now();
    await wait(Math.min(ms, longestWaitMs), undefined, { signal }).catch(() => undefined);
    onWaited?.(performance.now() - from);
  };
  const forUsual = [usual];
  const forUrgentFirst = [...urgent, usual];
  return {
    async take(signal, isUrgent) {
      const budgets = isUrgent ? forUrgentFirst : forUsual;
      for (;;) {
        signal.throwIfAborted();
        if (budgets.some((one) => one.takeNow())) return;
        const waitMs = await guard(firstLeave(budgets));
        if (waitMs === undefined) return;
        await sitOut(waitMs, signal);
      }
    },
    async pause(ms) {
      await guard(Promise.all([usual, ...urgent].map((one) => one.block(ms))));
    },
  };
}

/** Takes a permit from the first budget that has one; else returns the shortest wait. */
async function firstLeave(budgets: readonly Budget[]): Promise<number | undefined> {
  let shortest: number | undefined;
  for (const budget of budgets) {
    const waitMs = await budget.tryTake();
    if (waitMs === undefined) return undefined;
    shortest = Math.min(shortest ?? waitMs, waitMs);
  }
  return shortest;
}
