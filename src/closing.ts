import type { Logger } from 'pino';

/** What was opened, to be closed in reverse. */
export interface Closing {
  add(name: string, close: () => Promise<unknown> | undefined): void;
  /** Closes everything, each thing within its time; what does not close in time is left behind. */
  closeAll(): Promise<void>;
}

const eachMs = 5_000;

export function createClosing(log: Logger): Closing {
  const opened: { name: string; close: () => Promise<unknown> | undefined }[] = [];
  return {
    add: (name, close) => opened.push({ name, close }),
    async closeAll() {
      for (let last = opened.pop(); last !== undefined; last = opened.pop()) {
        const { name, close } = last;
        const closed = await inTime(async () => close()).catch((error: Error) => error.name);
        if (closed !== undefined) log.warn({ part: name, code: closed }, 'a part did not close');
      }
    },
  };
}

/** Undefined once closed; after the time, a word for the log. */
async function inTime(close: () => Promise<unknown>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), eachMs);
  });
  return Promise.race([close().then(() => undefined), late]).finally(() => clearTimeout(timer));
}
