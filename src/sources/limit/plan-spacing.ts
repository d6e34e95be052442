import type { RateLimit } from '../../options/rate-limit.ts';

/** How the permits of a source follow each other, in milliseconds. */
export interface Spacing {
  readonly intervalMs: number;
  /** A permit that is used later than this would crowd those after it, so it is given up. */
  readonly lateMs: number;
}

/** No window of the limit's length sees more requests than this part of the limit. */
const mostCrowded = 1.05;
/** A limit so low that 1.05 times it are no request more leaves no room: it is used to 98.5 %. */
const slower = 1.015;
const longestLateMs = 40;

/** Spreads the requests of a limit evenly, with room for those that leave or arrive a little late. */
export function planSpacing({ requests, perMs }: RateLimit): Spacing {
  const most = Math.floor(requests * mostCrowded);
  const intervalMs = (perMs / requests) * (most > requests ? 1 : slower);
  // In the tightest case the first of `most + 1` requests is late, and the last is on time.
  const roomMs = most * intervalMs - perMs;
  return { intervalMs, lateMs: Math.min(0.8 * roomMs, longestLateMs) };
}
