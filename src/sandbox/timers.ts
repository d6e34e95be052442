import type { Later } from './send-reply.ts';

/** Things that happen later; `clear` cancels all of them. */
export interface Timers {
  readonly later: Later;
  clear(): void;
}

export function createTimers(): Timers {
  const running = new Set<NodeJS.Timeout>();

  return {
    later(ms, run) {
      const timer = setTimeout(() => {
        running.delete(timer);
        run();
      }, ms);
      running.add(timer);
    },
    clear() {
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
}
