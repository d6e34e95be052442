import type { AbortWatch } from './abort-watch.ts';
import { createWaitingLine } from './waiting-line.ts';

/** Lets a limited number of calls run at a time; the others wait in line. */
export interface Slots {
  /**
   * Waits for a slot; urgent calls come before the others, and then those of a lower `turn`. If
   * aborted, rejects with the signal's reason and holds no slot.
   */
  take(signal: AbortSignal, urgent: boolean, turn?: number): Promise<void>;
  release(): void;
  /** How many are held. */
  held(): number;
  /** Holds at most this many from now on; those that are held already stay so. */
  resize(size: number): void;
}

/** With this many, the next is free after a twentieth of the time that the vendor takes to answer. */
const enoughForAll = 20;

/**
 * At most `size` slots are held at any time. If there are a few, one is kept for urgent calls: the
 * others may all be waiting for a slow vendor.
 */
export function createSlots(size: number, aborts: AbortWatch): Slots {
  let [most, held] = [size, 0];
  const urgentLine = createWaitingLine(aborts);
  const line = createWaitingLine(aborts);

  const hasRoom = (urgent: boolean) => held < most - (urgent ? 0 : keptOf(most));
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
    async take(signal, urgent, turn) {
      signal.throwIfAborted();
      if (hasRoom(urgent)) {
        held += 1;
        return;
      }
      await (urgent ? urgentLine : line).wait(signal, turn);
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

/** How many of so many slots only urgent calls get. */
const keptOf = (size: number): number => (size > 1 && size < enoughForAll ? 1 : 0);
