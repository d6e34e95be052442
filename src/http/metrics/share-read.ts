import { inTime } from '../../timing/in-time.ts';

export interface SharingTimes {
  /** A result, or that there was none, is kept for this long. */
  readonly keptMs: number;
  /** Nobody waits longer than this. */
  readonly mostMs: number;
}

/**
 * Shares one read among all callers: they wait for the one that runs, or get its result while that
 * is new. Resolves with undefined if there is no result in time. At most one read runs at a time, also
 * if it takes longer than anybody waits for it.
 */
export function shareRead<T>(
  read: () => Promise<T>,
  { keptMs, mostMs }: SharingTimes,
): () => Promise<T | undefined> {
  let running: Promise<T | undefined> | undefined;
  let last: { readonly value: T | undefined; readonly at: number } | undefined;
  const run = async (): Promise<T | undefined> => {
    const value = await read().catch(() => undefined);
    last = { value, at: performance.now() };
    running = undefined;
    return value;
  };
  return async () => {
    if (last !== undefined && performance.now() - last.at < keptMs) return last.value;
    running ??= run();
    return inTime(running, mostMs).catch(() => undefined);
  };
}
