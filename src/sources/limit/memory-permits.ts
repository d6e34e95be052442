import type { OpenPermits } from './permits.ts';
import { allFree, planHold, planPermits } from './plan-permits.ts';

/** Permits of this thread alone. `ticks`: milliseconds of a clock that never jumps. */
export function createMemoryPermits(ticks = () => performance.now()): OpenPermits {
  return (_source, intervalMs) => {
    let state = allFree;
    return {
      async take(asked) {
        const planned = planPermits(state, intervalMs, asked, ticks());
        state = planned.state;
        return planned.answer;
      },
      async hold(ms) {
        state = planHold(state, ms, ticks());
      },
    };
  };
}
