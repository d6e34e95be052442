import type { MetricName } from './metrics.ts';

/** One value of a metric. The labels are in the order that the metric lists them. */
export interface Sample {
  readonly metric: MetricName;
  readonly labels: readonly string[];
  readonly value: number;
}

/** What stands for all names that the configuration does not have. */
const otherName = '(other)';
/** What stands for the schedule of a sweep that somebody asked for. */
export const onRequest = '(request)';

type Row = readonly [labels: readonly string[], value: number];

/**
 * The samples of a metric. Rows with the same labels become one: their sum, or the largest. Names
 * that the configuration does not have fall together so, which bounds the number of series.
 */
export function planSamples(
  metric: MetricName,
  rows: readonly Row[],
  how: 'sum' | 'largest' = 'sum',
): readonly Sample[] {
  const found = new Map<string, Sample>();
  for (const [labels, value] of rows) {
    const own = JSON.stringify(labels);
    const before = found.get(own)?.value ?? 0;
    const both = how === 'sum' ? before + value : Math.max(before, value);
    found.set(own, { metric, labels, value: both });
  }
  return [...found.values()];
}

/** Rows of 0, so that a series is there before its first event. */
export function zeros(...names: readonly (readonly string[])[]): readonly Row[] {
  const all = names.reduce<readonly (readonly string[])[]>(
    (before, some) => before.flatMap((labels) => some.map((name) => [...labels, name])),
    [[]],
  );
  return all.map((labels) => [labels, 0]);
}

/** Returns a known name unchanged, and `(other)` for the rest. */
export function boundBy(known: Iterable<string>): (name: string) => string {
  const names = new Set(known);
  return (name) => (names.has(name) ? name : otherName);
}
