import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** How long statements may follow each other before timers and sockets get their turn. */
const longestMs = 20;

/**
 * PGlite answers within one turn of the event loop, so a long transaction would block every timer
 * and socket of the process. Await the result after each statement: it yields to the event loop
 * when `longestMs` has passed.
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
