interface Named {
  readonly source: string;
  readonly keyId: string;
}

/**
 * Joins each row with its key. Rows come in runs (one per severity), each in key order. The keys
 * are read once per run, in step with the rows, so that memory stays bounded.
 */
export async function* findReportKeys<R extends Named, K extends Named>(
  rows: AsyncIterable<R>,
  keys: () => AsyncIterable<K>,
): AsyncIterable<readonly [row: R, key: K | undefined]> {
  const walk = walkRound(keys);
  let key: K | undefined;
  try {
    for await (const row of rows) {
      for (let ends = 0; ends < 2 && !isOf(row, key); ends += key === undefined ? 1 : 0) {
        key = (await walk.next()).value;
      }
      yield [row, key];
    }
  } finally {
    await walk.return(undefined);
  }
}

/** Repeats all keys without end; undefined marks the end of each round. */
async function* walkRound<K>(
  keys: () => AsyncIterable<K>,
): AsyncGenerator<K | undefined, undefined> {
  for (;;) {
    yield* keys();
    yield undefined;
  }
}

function isOf(row: Named, key: Named | undefined): boolean {
  return key !== undefined && row.keyId === key.keyId && row.source === key.source;
}
