import type { BatchOrder, SimulatedSource } from './scenario.ts';

export interface SimulatedBatch {
  readonly source: number;
  readonly keys: number;
}

/** Where a place takes its next batch from. `inWork`: batches in work, by source. */
export type TakeBatch = (inWork: readonly number[]) => SimulatedBatch | undefined;

/** The queue of a sweep. */
export function orderBatches(
  sources: readonly SimulatedSource[],
  batchKeys: number,
  order: BatchOrder,
): TakeBatch {
  const lines = sources.map(({ keys }, source) => splitKeys(source, keys, batchKeys));
  if (order === 'a queue a source') return takeFromLines(lines);
  const all = lines.flatMap((line) =>
    line.map((batch, at) => ({ batch, rank: rankOf(order, at, line.length) })),
  );
  // Sorting is stable: equal ranks stay in the order of the sources.
  const queue = all.sort((one, other) => one.rank - other.rank);
  let next = 0;
  return () => {
    next += 1;
    return queue[next - 1]?.batch;
  };
}

function rankOf(order: BatchOrder, at: number, length: number): number {
  if (order === 'in turns') return at;
  return order === 'in proportion' ? (at + 0.5) / length : 0;
}

function splitKeys(source: number, keys: number, batchKeys: number): SimulatedBatch[] {
  const batches = Array.from({ length: Math.floor(keys / batchKeys) }, () => batchKeys);
  const rest = keys % batchKeys;
  return [...batches, ...(rest > 0 ? [rest] : [])].map((count) => ({ source, keys: count }));
}

/** A batch of the source with the fewest in work. */
function takeFromLines(lines: readonly (readonly SimulatedBatch[])[]): TakeBatch {
  const next = lines.map(() => 0);
  return (inWork) => {
    let fewest: number | undefined;
    lines.forEach((line, source) => {
      if ((next[source] ?? 0) >= line.length) return;
      if (fewest === undefined || (inWork[source] ?? 0) < (inWork[fewest] ?? 0)) fewest = source;
    });
    if (fewest === undefined) return undefined;
    const at = next[fewest] ?? 0;
    next[fewest] = at + 1;
    return lines[fewest]?.[at];
  };
}
