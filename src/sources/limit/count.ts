import type { LimiterOptions } from './open-limiter.ts';

/** What a thread asks the process that started it to count. */
export interface Count {
  readonly limiter: LimiterOptions;
  readonly what: { readonly points: number } | { readonly blockSeconds: number };
}

export type Counted =
  | { readonly kind: 'leave' | 'none'; readonly endsInMs: number }
  | { readonly kind: 'unavailable' };
