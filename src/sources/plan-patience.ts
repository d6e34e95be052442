import type { Trigger } from '../record/tables.ts';

const secondMs = 1_000;

/** Waits between the attempts of a key. A night has time for an outage to pass; a person has not. */
const waitsMs: Readonly<Record<'person' | 'night', readonly number[]>> = {
  person: [1, 2, 4, 8, 15].map((seconds) => seconds * secondMs),
  night: [5, 30, 120, 300, 600].map((seconds) => seconds * secondMs),
};

/**
 * How long a batch waits before its unanswered keys are asked again: the longer the more attempts
 * they have used up, and at least as long as the vendor asked for.
 */
export function planPatience(trigger: Trigger, attempts: number, retryAfterMs: number): number {
  const waits = waitsMs[trigger === 'request' ? 'person' : 'night'];
  const wait = waits[Math.min(Math.max(attempts, 1), waits.length) - 1] ?? secondMs;
  return Math.max(attempts === 0 ? 0 : wait, retryAfterMs, secondMs);
}
