import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** How long statements may follow each other before timers and sockets get their turn. */
const longestMs = 20;

/**
 * PGlite answers within the same turn of the event loop: a transaction of many statements would
 * keep every timer and socket of the process waiting until its end. To be awaited after each
 * statement; it lets them have a turn when they had none for a while.
 */
export function createBreath(): () => Promise<void> {
  let lastTurn = performance.now();
  let turning: Promise<void> | undefined;
  return async () => {
    if (performance.now() - lastTurn < longestMs) return;
    turning ??= setImmediate().then(() => {
      lastTurn = performance.now();
      turning = undefined;
    });
    await turning;
  };
}
