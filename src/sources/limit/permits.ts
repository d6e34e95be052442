import type { PermitsAnswer, PermitsAsked } from './plan-permits.ts';

/** The permits of one source. */
export interface Permits {
  take(asked: PermitsAsked): Promise<PermitsAnswer>;
  /** Gives nobody a permit for this long, ten minutes at most. */
  hold(ms: number): Promise<void>;
}

/** Finds the permits of a source, of which one is free every `intervalMs` milliseconds. */
export type OpenPermits = (source: string, intervalMs: number) => Permits;
