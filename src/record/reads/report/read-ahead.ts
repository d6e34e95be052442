/**
 * Passes the parts on, and asks for each while the one before it is in use: the database works while
 * this process writes. Nothing is read any more once the iteration has ended.
 */
export async function* readAhead<T>(parts: AsyncIterable<T>): AsyncIterable<T> {
  const reading = parts[Symbol.asyncIterator]();
  const start = () => {
    const next = reading.next();
    // Whoever awaits it gets the failure; until then it would count as unhandled.
    next.catch(() => undefined);
    return next;
  };
  let next = start();
  try {
    for (let now = await next; now.done !== true; now = await next) {
      next = start();
      yield now.value;
    }
  } finally {
    await next.catch(() => undefined);
    await reading.return?.();
  }
}

/** Reads the parts one after the other, each only when it is asked for. */
export async function* readEach<P, T>(
  parts: Iterable<P>,
  read: (part: P) => Promise<T>,
): AsyncIterable<T> {
  for (const part of parts) yield await read(part);
}
