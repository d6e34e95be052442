/** Ends an attempt when its caller aborts it or its time is up. */
export interface AttemptClock {
  readonly signal: AbortSignal;
  /** Gives the attempt this long from now on. */
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
