/**
 * Reads the parts one after the other, and each while the one before it is in use: the database
 * works while this process writes. No reading goes on once the iteration has ended.
 */
export async function* readAhead<P, T>(
  parts: Iterable<P>,
  read: (part: P) => Promise<T>,
): AsyncIterable<T> {
  const waiting = parts[Symbol.iterator]();
  const start = () => {
    const { done, value } = waiting.next();
    if (done === true) return undefined;
    const reading = read(value);
    // Whoever awaits it gets the failure; until then it would count as unhandled.
    reading.catch(() => undefined);
    return reading;
  };
  let next = start();
  try {
    while (next !== undefined) {
      const now = await next;
      next = start();
      yield now;
    }
  } finally {
    await next?.catch(() => undefined);
  }
}
