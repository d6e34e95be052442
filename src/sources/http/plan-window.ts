/** How many requests a source has under way at most, and what that was planned from. Milliseconds. */
export interface WindowState {
  /** Fractions add up to whole requests. */
  readonly size: number;
  /** What answers take now, on average. */
  readonly usualMs: number;
  /** The least that this has been: what answers take when the source has room. */
  readonly quickMs: number;
  /** How many answers that comes from, as far as it matters. */
  readonly answers: number;
  /** The size that was too much the last time. Infinity: none ever was. */
  readonly tooMuch: number;
  readonly cutAt: number;
}

/** One request that ended. */
export interface Ended {
  readonly ms: number;
  /** 429, 5xx, or no answer. */
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
/** From fewer answers no average is known. */
const fewAnswers = 20;
/** With so few requests under way an answer does not wait for others of ours. */
const fewest = 2;
/** Near a size that was too much the window grows at a tenth of its pace. */
const nearness = 0.9;
const slowPace = 0.1;

export function firstWindow(most: number): WindowState {
  const size = Math.min(firstSize, most);
  const nothingKnown = { usualMs: 0, quickMs: Infinity, answers: 0 };
  return { size, ...nothingKnown, tooMuch: Infinity, cutAt: -Infinity };
}

/**
 * Additive increase, multiplicative decrease. While answers are quick, one more request a round
 * trip; at first twice as many, and hardly more near a size that was too much. When the source is
 * slow or overloaded, three tenths fewer, once a round trip at most. What answers took when there
 * was room is never forgotten, or the vendor's line would grow without end; only where they are slow
 * with hardly a request under way, the way to the vendor has become longer.
 */
export function planWindow(
  before: WindowState,
  { ms, isOverloaded, isFull }: Ended,
  { most, now }: { readonly most: number; readonly now: number },
): WindowState {
  // A refusal may be quick, and tells nothing of what an answer takes.
  const known = isOverloaded ? before : learn(before, ms);
  if (isOverloaded || isSlow(known)) return cut(known, isOverloaded, now);
  return isFull ? { ...known, size: Math.min(most, known.size + growthOf(known)) } : known;
}

function learn(before: WindowState, ms: number): WindowState {
  const answers = Math.min(before.answers + 1, fewAnswers);
  const weight = Math.max(1 / answers, weightOfNewest);
  const usualMs = before.usualMs + weight * (ms - before.usualMs);
  const isKnown = answers === fewAnswers;
  return {
    ...before,
    answers,
    usualMs,
    quickMs: isKnown ? Math.min(usualMs, before.quickMs) : Infinity,
  };
}

function isSlow({ usualMs, quickMs }: WindowState): boolean {
  return usualMs > slowFactor * quickMs + jitterMs;
}

function cut(known: WindowState, isOverloaded: boolean, now: number): WindowState {
  if (now - known.cutAt < known.usualMs) return known;
  if (known.size < fewest && !isOverloaded) return { ...known, quickMs: known.usualMs };
  const size = Math.max(1, known.size * cutFactor);
  // A source that fails with one request under way is down, which says nothing of its room.
  const tooMuch = known.size < fewest ? Number.MAX_VALUE : known.size;
  return { ...known, size, tooMuch, cutAt: now };
}

function growthOf({ size, tooMuch }: WindowState): number {
  if (tooMuch === Infinity) return 1;
  return (size < nearness * tooMuch ? 1 : slowPace) / size;
}
