import type { LimiterOptions } from './open-limiter.ts';

/** A thread's request to count, made to the process that started the thread. */
export interface Count {
  readonly limiter: LimiterOptions;
  readonly what: { readonly points: number } | { readonly blockSeconds: number };
}

export type Counted =
  | { readonly kind: 'leave' | 'none'; readonly endsInMs: number }
  | { readonly kind: 'unavailable' };
