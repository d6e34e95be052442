import { drawNumbers } from './draw-numbers.ts';

/** A span of time in milliseconds since the epoch; the end does not belong to it. */
export interface TimeSpan {
  readonly from: number;
  readonly until: number;
}

/** What is known of the uses of a key. */
export interface UseFacts {
  readonly id: string;
  readonly createdOn: number;
  readonly lastUsed: number;
  readonly idle: readonly TimeSpan[];
  readonly now: number;
  /** Uses before this do not matter, except for the last of them. */
  readonly since: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A key that was idle for longer was in use every day, and then no more. */
const longestPauseMs = 20 * dayMs;

/**
 * The instants at which a key was used, newest first: its last use, and before that about as often
 * as the time since then suggests. In whole seconds, as the vendor shows them.
 */
export function planUses(facts: UseFacts): readonly number[] {
  const { createdOn, lastUsed, idle, since } = facts;
  const draw = drawNumbers(facts.id);
  const every = pauseOf(facts);
  const uses: number[] = [];
  let at = lastUsed;
  while (at > createdOn) {
    const pause = idle.find(({ from, until }) => at >= from && at < until);
    if (pause === undefined) uses.push(toSecond(at));
    if (pause === undefined && at < since) break;
    at = (pause === undefined ? at : Math.min(at, pause.from)) - every * (0.6 + 0.8 * draw());
  }
  return uses;
}

function pauseOf({ now, lastUsed }: UseFacts): number {
  const ago = now - lastUsed;
  return ago > longestPauseMs ? dayMs : Math.max(ago, hourMs);
}

function toSecond(at: number): number {
  return Math.floor(at / 1_000) * 1_000;
}

/** The newest use that is not after `at`; null if there was none. */
export function lastUseAt(uses: readonly number[], at: number): number | null {
  return uses.find((use) => use <= at) ?? null;
}
