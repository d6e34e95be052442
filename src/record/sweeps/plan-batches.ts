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
  readonly keys: readonly KeyToSweep[];
}

/** Splits the keys into batches of one source each, in the given order. */
export function planBatches(keys: readonly KeyToSweep[]): readonly PlannedBatch[] {
  const batches: { batch: number; keys: KeyToSweep[] }[] = [];
  for (const key of keys) {
    const last = batches.at(-1);
    const fits =
      last !== undefined && last.keys.length < keysPerBatch && last.keys[0]?.source === key.source;
    if (fits) last.keys.push(key);
    else batches.push({ batch: batches.length, keys: [key] });
  }
  return batches;
}

/**
 * Puts the batches in an order in which every source has its share at any time. One source after the
 * other, a sweep would use the rate limit of only one at a time.
 */
export function spreadSources(batches: readonly PlannedBatch[]): readonly PlannedBatch[] {
  const sourceOf = ({ keys }: PlannedBatch) => keys[0]?.source ?? '';
  const counts = new Map<string, number>();
  for (const one of batches) counts.set(sourceOf(one), (counts.get(sourceOf(one)) ?? 0) + 1);
  const seen = new Map<string, number>();
  const placed = batches.map((one) => {
    const source = sourceOf(one);
    const before = seen.get(source) ?? 0;
    seen.set(source, before + 1);
    return { one, place: (before + 0.5) / (counts.get(source) ?? 1) };
  });
  return placed.sort((a, b) => a.place - b.place).map(({ one }) => one);
}
