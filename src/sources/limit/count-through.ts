import { RateLimiterRes } from 'rate-limiter-flexible';
import type { Count, Counted } from './count.ts';
import type { OpenLimiter } from './open-limiter.ts';

/** The message that asks for a count; `settle` takes the answer to this `call`. */
export interface CountAsked {
  readonly kind: 'count';
  readonly call: number;
  readonly count: Count;
}

/** Limiters for the thread; the process that started the thread does the counting. */
export interface CountThrough {
  readonly openLimiter: OpenLimiter;
  settle(call: number, counted: Counted): void;
}

export function countThrough(say: (message: CountAsked) => void): CountThrough {
  const waiting = new Map<number, (counted: Counted) => void>();
  let calls = 0;
  const count = (asked: Count): Promise<Counted> =>
    new Promise((resolve) => {
      calls += 1;
      waiting.set(calls, resolve);
      say({ kind: 'count', call: calls, count: asked });
    });
  return {
    openLimiter: (limiter) => ({
      async consume(_key, points) {
        const counted = await count({ limiter, what: { points } });
        if (counted.kind === 'unavailable') throw new Error('the count does not answer');
        if (counted.kind === 'none') throw new RateLimiterRes(0, counted.endsInMs);
        return { msBeforeNext: counted.endsInMs };
      },
      async block(_key, blockSeconds) {
        const counted = await count({ limiter, what: { blockSeconds } });
        if (counted.kind === 'unavailable') throw new Error('the count does not answer');
      },
    }),
    settle(call, counted) {
      waiting.get(call)?.(counted);
      waiting.delete(call);
    },
  };
}
