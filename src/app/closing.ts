import type { Logger } from 'pino';
import { inTime } from '../timing/in-time.ts';

/** The opened parts, to be closed in reverse. */
export interface Closing {
  add(name: string, close: () => Promise<unknown> | undefined): void;
  /** Closes everything in reverse. Gives up on a part that does not close in its time. */
  closeAll(): Promise<void>;
}

/** Docker kills a process ten seconds after the request to stop. */
const allMs = 9_000;
const eachMs = 4_000;
const leastMs = 300;

/** Closes what was opened, the last first. A part that takes too long is logged and left. */
export function createClosing(log: Logger): Closing {
  const opened: { name: string; close: () => Promise<unknown> | undefined }[] = [];
  return {
    add: (name, close) => opened.push({ name, close }),
    async closeAll() {
      const until = performance.now() + allMs;
      for (let last = opened.pop(); last !== undefined; last = opened.pop()) {
        const { name, close } = last;
        const ms = Math.max(leastMs, Math.min(eachMs, until - performance.now()));
        await inTime((async () => close())(), ms).catch((error: Error) =>
          log.warn({ part: name, code: error.name }, 'a part did not close'),
        );
      }
    },
  };
}
