import type { AbortWatch } from './abort-watch.ts';
import { createWaitingLine } from './waiting-line.ts';

/** Lets a limited number of calls run at a time; the others wait in line. */
export interface Slots {
  /**
   * Waits for a slot; urgent calls come before the others. If aborted, rejects with the signal's
   * reason and holds no slot.
   */
  take(signal: AbortSignal, urgent: boolean): Promise<void>;
  release(): void;
}

/**
 * At most `size` slots are held at any time. If there are two or more, one is kept for urgent
 * calls: the others may all be waiting for a slow vendor.
 */
export function createSlots(size: number, aborts: AbortWatch): Slots {
  const kept = size > 1 ? 1 : 0;
  let free = size;
  const urgentLine = createWaitingLine(aborts);
  const line = createWaitingLine(aborts);

  return {
    async take(signal, urgent) {
      signal.throwIfAborted();
      if (free > (urgent ? 0 : kept)) {
        free -= 1;
        return;
      }
      await (urgent ? urgentLine : line).wait(signal);
    },

    release() {
      const waiting = urgentLine.length() > 0 ? urgentLine : line;
      if (waiting.length() === 0 || (waiting === line && free < kept)) {
        free += 1;
        return;
      }
      // The slot goes directly to the next call, so a new call cannot take it in between.
      waiting.next();
    },
  };
}
