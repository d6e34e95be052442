/** What ends an attempt: whoever asked for it, or time. */
export interface AttemptClock {
  readonly signal: AbortSignal;
  /** From now on so long. */
  restart(ms: number): void;
  stop(): void;
}

export function startAttemptClock(outer: AbortSignal, ms: number): AttemptClock {
  const late = new AbortController();
  const end = () => late.abort();
  let timer = setTimeout(end, ms);
  return {
    signal: AbortSignal.any([outer, late.signal]),
    restart(nextMs) {
      clearTimeout(timer);
      timer = setTimeout(end, nextMs);
    },
    stop: () => clearTimeout(timer),
  };
}
