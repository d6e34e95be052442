interface Named {
  readonly source: string;
  readonly keyId: string;
}

/**
 * Puts beside each row the key it is of. Rows come in runs in the order of the keys (a run a
 * severity), so the keys are walked along with them and again for the next run: none is held.
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

/** All keys, again and again; undefined stands at the end of each round. */
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
