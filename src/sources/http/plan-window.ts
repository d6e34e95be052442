/** How many requests a source has under way at most, and what that was planned from. Milliseconds. */
export interface WindowState {
  /** Fractions add up to whole requests. */
  readonly size: number;
  /** A recent quick answer: what the source takes when it has room. */
  readonly quickMs: number;
  /** What answers take now, on average. */
  readonly usualMs: number;
  readonly cutAt: number;
  /** When the request before ended. */
  readonly at: number;
}

/** One request that ended. */
export interface Ended {
  readonly ms: number;
  /** 429, 5xx, or no answer in time. */
  readonly isOverloaded: boolean;
  /** As many requests were under way as the window admits. */
  readonly isFull: boolean;
}

const firstSize = 10;
/** Answers that take twice as long have waited in the vendor's own line. */
const slowFactor = 2;
/** Quick answers vary by this much on a busy machine. */
const jitterMs = 20;
const cutFactor = 0.7;
const weightOfNewest = 0.1;
/** A quick answer is forgotten in this time, for the way to the vendor may have become longer. */
const forgottenInMs = 120_000;

export function firstWindow(most: number): WindowState {
  return {
    size: Math.min(firstSize, most),
    quickMs: Infinity,
    usualMs: 0,
    cutAt: -Infinity,
    at: Infinity,
  };
}

/**
 * Additive increase, multiplicative decrease: one more request a round trip while answers are
 * quick, three tenths fewer when the source is overloaded, once a round trip at most.
 */
export function planWindow(
  before: WindowState,
  { ms, isOverloaded, isFull }: Ended,
  { most, now }: { readonly most: number; readonly now: number },
): WindowState {
  const forgotten = 1 + Math.max(0, now - before.at) / forgottenInMs;
  const quickMs = Math.min(isOverloaded ? Infinity : ms, before.quickMs * forgotten);
  const usualMs =
    before.usualMs === 0 ? ms : before.usualMs + weightOfNewest * (ms - before.usualMs);
  const known = { ...before, quickMs, usualMs, at: now };
  if (isOverloaded || usualMs > slowFactor * quickMs + jitterMs) {
    if (now - before.cutAt < usualMs) return known;
    return { ...known, size: Math.max(1, before.size * cutFactor), cutAt: now };
  }
  return isFull ? { ...known, size: Math.min(most, before.size + 1 / before.size) } : known;
}
