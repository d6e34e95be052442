/** A signal that aborts some time after another one has; `end` releases both. */
export interface LateSignal {
  readonly signal: AbortSignal;
  end(): void;
}

export function lateSignal(signal: AbortSignal, ms: number): LateSignal {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => late.abort(signal.reason), ms);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return {
    signal: late.signal,
    end() {
      signal.removeEventListener('abort', begin);
      clearTimeout(timer);
    },
  };
}
