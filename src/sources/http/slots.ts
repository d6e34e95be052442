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
  /** How many are held. */
  held(): number;
  /** Holds at most this many from now on; those that are held already stay so. */
  resize(size: number): void;
}

/**
 * At most `size` slots are held at any time. If there are two or more, one is kept for urgent
 * calls: the others may all be waiting for a slow vendor.
 */
export function createSlots(size: number, aborts: AbortWatch): Slots {
  let [most, held] = [size, 0];
  const urgentLine = createWaitingLine(aborts);
  const line = createWaitingLine(aborts);

  const hasRoom = (urgent: boolean) => held < (urgent || most === 1 ? most : most - 1);
  /** A slot goes directly to the next call, so a new call cannot take it in between. */
  const handOut = () => {
    for (;;) {
      const waiting = urgentLine.length() > 0 ? urgentLine : line;
      if (waiting.length() === 0 || !hasRoom(waiting === urgentLine)) return;
      held += 1;
      waiting.next();
    }
  };

  return {
    async take(signal, urgent) {
      signal.throwIfAborted();
      if (hasRoom(urgent)) {
        held += 1;
        return;
      }
      await (urgent ? urgentLine : line).wait(signal);
    },
    release() {
      held -= 1;
      handOut();
    },
    held: () => held,
    resize(to) {
      most = to;
      handOut();
    },
  };
}
