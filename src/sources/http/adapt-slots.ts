import type { RequestOutcome, SourceWatch } from '../source-watch.ts';
import { firstWindow, planWindow } from './plan-window.ts';
import type { Slots } from './slots.ts';

const overloaded: readonly RequestOutcome[] = ['429', '5xx', 'timeout', 'failed'];

/**
 * Has as many slots held as the source takes well, `most` at the most. The returned function is to
 * hear how each request ended.
 */
export function adaptSlots(
  slots: Slots,
  most: number,
  ticks: () => number,
): SourceWatch['requested'] {
  let window = firstWindow(most);
  slots.resize(Math.floor(window.size));
  return (outcome, ms) => {
    const isOverloaded = overloaded.includes(outcome);
    // One slot may be kept for an urgent call.
    const isFull = slots.held() >= Math.floor(window.size) - 1;
    window = planWindow(window, { ms, isOverloaded, isFull }, { most, now: ticks() });
    slots.resize(Math.floor(window.size));
  };
}
