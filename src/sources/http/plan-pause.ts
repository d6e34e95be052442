import type { UnknownReason } from '../../keys/observation.ts';

/** Why the source is paused: the failure of the last call without an answer. */
interface PauseCause {
  readonly reason: UnknownReason;
  readonly detail: string;
  /** The source asked us to stay away: calls meanwhile use up no attempt. */
  readonly away: boolean;
}

/**
 * Whether a source is asked. `flowing`: yes; `silent` calls in a row had no answer.
 * `paused`: no call asks before `until`. `probing`: one call asks, the others wait for its result.
 * Times are milliseconds of any clock that does not jump.
 */
export type PauseState =
  | { readonly kind: 'flowing'; readonly silent: number }
  | {
      readonly kind: 'paused';
      readonly until: number;
      readonly lengthMs: number;
      readonly cause: PauseCause;
    }
  | { readonly kind: 'probing'; readonly lengthMs: number; readonly cause: PauseCause };

export type Admission =
  | { readonly kind: 'ask'; readonly probe: boolean }
  | { readonly kind: 'refused'; readonly cause: PauseCause; readonly waitMs: number };

/** The result of one call. `nobody`: it is certain that every other call would fail too. */
export type CallOutcome =
  | { readonly kind: 'answered' }
  | { readonly kind: 'silent'; readonly cause: PauseCause }
  | { readonly kind: 'nobody'; readonly cause: PauseCause; readonly waitMs: number | undefined }
  | { readonly kind: 'abandoned' };

export const flowing: PauseState = { kind: 'flowing', silent: 0 };

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** Whether a call may ask at `now`, and the state that follows. */
export function planAdmission(
  state: PauseState,
  now: number,
): { readonly state: PauseState; readonly admission: Admission } {
  if (state.kind === 'flowing') return { state, admission: { kind: 'ask', probe: false } };

  const waitMs = state.kind === 'paused' ? state.until - now : state.lengthMs;
  const { cause, lengthMs } = state;
  if (state.kind === 'probing' || waitMs > 0) {
    return { state, admission: { kind: 'refused', cause, waitMs } };
  }
  return { state: { kind: 'probing', lengthMs, cause }, admission: { kind: 'ask', probe: true } };
}

/** The state after a call. `limit`: how many silent calls in a row pause the source. */
export function planPause(
  state: PauseState,
  outcome: CallOutcome,
  at: { readonly probe: boolean; readonly now: number; readonly limit: number },
): PauseState {
  if (outcome.kind === 'answered') return flowing;
  if (outcome.kind === 'abandoned') return at.probe ? reprobe(state, at.now) : state;
  if (state.kind === 'flowing') return countSilence(state.silent, outcome, at);
  // Calls that began before the pause tell us nothing new.
  return at.probe ? pauseFor(state.lengthMs * 2, outcome, at.now) : state;
}

type Silence = Exclude<CallOutcome, { kind: 'answered' | 'abandoned' }>;

function countSilence(
  before: number,
  outcome: Silence,
  at: { readonly now: number; readonly limit: number },
): PauseState {
  const silent = before + 1;
  const pauses = outcome.kind === 'nobody' || silent >= at.limit;
  return pauses ? pauseFor(firstPauseMs, outcome, at.now) : { kind: 'flowing', silent };
}

function pauseFor(ms: number, outcome: Silence, now: number): PauseState {
  const lengthMs = Math.min(ms, longestPauseMs);
  const asked = outcome.kind === 'nobody' ? (outcome.waitMs ?? 0) : 0;
  const until = now + Math.max(lengthMs, asked);
  return { kind: 'paused', until, lengthMs, cause: outcome.cause };
}

/** The caller gave up the probe without a result: the next call may probe at once. */
function reprobe(state: PauseState, now: number): PauseState {
  if (state.kind !== 'probing') return state;
  return { kind: 'paused', until: now, lengthMs: state.lengthMs, cause: state.cause };
}
