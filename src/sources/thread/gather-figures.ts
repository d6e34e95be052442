import type { SourceFigures, SourceWatch } from '../source-watch.ts';

const everyMs = 1_000;

export interface GatheredFigures extends SourceWatch {
  /** Hands over what was gathered; without news, nothing. */
  flush(): void;
}

/** Gathers what happens at a source, and hands it over once a second: a message has its price. */
export function gatherFigures(say: (figures: SourceFigures) => void): GatheredFigures {
  let requests: SourceFigures['requests'][number][] = [];
  let [waits, waitedMs, pauses] = [0, 0, 0];
  let paused = false;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    const figures = { requests, waits, waitedMs, pauses, paused };
    requests = [];
    [waits, waitedMs, pauses] = [0, 0, 0];
    say(figures);
  };
  const later = () => {
    timer ??= setTimeout(flush, everyMs).unref();
  };
  return {
    requested(outcome, ms) {
      requests.push({ outcome, ms });
      later();
    },
    waited(ms) {
      waits += 1;
      waitedMs += ms;
      later();
    },
    paused(isPaused) {
      if (isPaused && !paused) pauses += 1;
      paused = isPaused;
      later();
    },
    flush,
  };
}
