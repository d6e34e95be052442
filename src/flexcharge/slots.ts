/** Leave for so many calls at a time; the others wait in line. */
export interface Slots {
  /**
   * Waits for a slot, urgent calls before the others. Rejects with the signal's reason when aborted,
   * and then holds none.
   */
  take(signal: AbortSignal, urgent: boolean): Promise<void>;
  release(): void;
}

/**
 * At most `size` slots are held at any time. Of two or more, one is kept for urgent calls: the
 * others may all be waiting for a slow vendor.
 */
export function createSlots(size: number): Slots {
  const kept = size > 1 ? 1 : 0;
  let free = size;
  const urgentLine = new Set<() => void>();
  const line = new Set<() => void>();

  return {
    async take(signal, urgent) {
      signal.throwIfAborted();
      if (free > (urgent ? 0 : kept)) {
        free -= 1;
        return;
      }
      await waitIn(urgent ? urgentLine : line, signal);
    },

    release() {
      const waiting = urgentLine.size > 0 ? urgentLine : line;
      const [next] = waiting;
      if (next === undefined || (waiting === line && free < kept)) {
        free += 1;
        return;
      }
      // The slot passes from hand to hand, so a newcomer cannot take it in between.
      waiting.delete(next);
      next();
    },
  };
}

function waitIn(line: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      line.delete(proceed);
      reject(signal.reason);
    };
    const proceed = () => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    signal.addEventListener('abort', giveUp, { once: true });
    line.add(proceed);
  });
}
