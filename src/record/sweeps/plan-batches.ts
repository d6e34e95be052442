/** Keys per queue job: few enough to repeat after a crash, enough to be cheap. */
export const keysPerBatch = 200;

/** A key of a sweep. `id` and `entry` are rows. */
export interface KeyToSweep {
  readonly id: number;
  readonly source: string;
  readonly entry: number;
}

export interface PlannedBatch {
  readonly batch: number;
  readonly source: string;
  readonly keys: readonly KeyToSweep[];
}

/**
 * Splits the keys into batches of one source each, in the given order. `first`: the number of the
 * first batch.
 */
export function planBatches(keys: readonly KeyToSweep[], first = 0): readonly PlannedBatch[] {
  const batches: { batch: number; source: string; keys: KeyToSweep[] }[] = [];
  for (const key of keys) {
    const last = batches.at(-1);
    const fits =
      last !== undefined && last.keys.length < keysPerBatch && last.source === key.source;
    if (fits) last.keys.push(key);
    else batches.push({ batch: first + batches.length, source: key.source, keys: [key] });
  }
  return batches;
}

/**
 * Puts the batches in an order in which every source has its share at any time. One source after the
 * other, a sweep would use the rate limit of only one at a time.
 */
export function spreadSources<B extends Pick<PlannedBatch, 'source'>>(
  batches: readonly B[],
): readonly B[] {
  const counts = new Map<string, number>();
  for (const { source } of batches) counts.set(source, (counts.get(source) ?? 0) + 1);
  const seen = new Map<string, number>();
  const placed = batches.map((one) => {
    const before = seen.get(one.source) ?? 0;
    seen.set(one.source, before + 1);
    return { one, place: (before + 0.5) / (counts.get(one.source) ?? 1) };
  });
  return placed.sort((a, b) => a.place - b.place).map(({ one }) => one);
}
