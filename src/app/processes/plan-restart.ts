const firstWaitMs = 1_000;
const mostWaitMs = 60_000;
/** A process that ran for this long did not end because of how it was started. */
const longRunMs = 60_000;

export interface Restart {
  readonly waitMs: number;
  /** How often in a row the process has ended soon; 1 after a long run. */
  readonly endsInRow: number;
}

/** When to start a worker process again that ended by itself after `ranMs`. */
export function planRestart(endsInRow: number, ranMs: number): Restart {
  const now = ranMs >= longRunMs ? 1 : endsInRow + 1;
  return { waitMs: Math.min(mostWaitMs, firstWaitMs * 2 ** (now - 1)), endsInRow: now };
}
