/** The work did not end in time. It may end later, and nobody waits for it. */
class TimedOut extends Error {
  override readonly name = 'TimedOut';
  constructor(ms: number) {
    super(`no end within ${ms} ms`);
  }
}

/** Returns what the work returns. Rejects with `TimedOut` if it has not ended after `ms`. */
export async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(ms)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
