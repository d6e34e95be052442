/** Leave for so many calls at a time; the others wait in line. */
export interface Slots {
  /** Waits for a slot; rejects with the signal's reason when aborted, and then holds none. */
  take(signal: AbortSignal): Promise<void>;
  release(): void;
}

/** At most `size` slots are held at any time. */
export function createSlots(size: number): Slots {
  let free = size;
  const waiting = new Set<() => void>();

  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const giveUp = () => {
          waiting.delete(proceed);
          reject(signal.reason);
        };
        const proceed = () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        };
        signal.addEventListener('abort', giveUp, { once: true });
        waiting.add(proceed);
      });
    },

    release() {
      const [next] = waiting;
      if (next === undefined) {
        free += 1;
        return;
      }
      // The slot passes from hand to hand, so a newcomer cannot take it in between.
      waiting.delete(next);
      next();
    },
  };
}
