/**
 * When the next permit of a source is free, and until when the night leaves permits to re-audits.
 * Milliseconds of one clock.
 */
export interface PermitsState {
  readonly freeAt: number;
  readonly urgentUntil: number;
}

export interface PermitsAsked {
  readonly wanted: number;
  /** For a re-audit: the night waits as long as one does. */
  readonly urgent: boolean;
}

/**
 * `given` permits, one interval apart, of which the first counts in `inMs`. If none is given:
 * `inMs` is how long to wait before asking again.
 */
export interface PermitsAnswer {
  readonly given: number;
  readonly inMs: number;
}

/**
 * How far ahead permits are given. Short, for those given cannot be taken back: after a vendor's 429
 * no request may start later than 100 ms.
 */
export const aheadMs = 50;
/** Within this time after its wait a re-audit asks again. */
export const graceMs = 50;
/** A longer hold is no hold, but a clock that was set back. */
export const longestHoldMs = 600_000;

/** What a source's permits are before anybody has asked. */
export const allFree: PermitsState = { freeAt: 0, urgentUntil: 0 };

/**
 * The generic cell rate algorithm: one instant says when the next permit is free. The function
 * `take_permits` in PostgreSQL and the script for Redis decide the same.
 */
export function planPermits(
  { freeAt, urgentUntil }: PermitsState,
  intervalMs: number,
  { wanted, urgent }: PermitsAsked,
  now: number,
): { readonly state: PermitsState; readonly answer: PermitsAnswer } {
  const isHeld = freeAt <= now + longestHoldMs + intervalMs;
  const start = isHeld ? Math.max(now, freeAt) : now;
  const leavesUntil = urgentUntil <= now + longestHoldMs + intervalMs ? urgentUntil : now;
  const waitMs = Math.max(start - now - aheadMs, urgent ? 0 : leavesUntil - now);
  if (waitMs > 0) {
    const back = now + waitMs + graceMs;
    const state = {
      freeAt: start,
      urgentUntil: urgent ? Math.max(leavesUntil, back) : leavesUntil,
    };
    return { state, answer: { given: 0, inMs: waitMs } };
  }
  const room = 1 + Math.floor((now + aheadMs - start) / intervalMs);
  const given = Math.min(wanted, room);
  const state = { freeAt: start + given * intervalMs, urgentUntil: leavesUntil };
  return { state, answer: { given, inMs: start - now } };
}

/** Gives nobody a permit for `ms`. */
export function planHold(state: PermitsState, ms: number, now: number): PermitsState {
  return { ...state, freeAt: Math.max(state.freeAt, now + Math.min(ms, longestHoldMs)) };
}
