import type { ReportOrder, SweptKeys } from './list-report.ts';

/** Some keys of one source, by their places in its lists. */
export interface SomeKeys {
  readonly keys: SweptKeys;
  readonly places: readonly number[];
}

const keysAtOnce = 1_000;

/** The listed keys, or those of them that bear a mark, some at a time. */
export function* cutOrder(order: ReportOrder, mark?: number): Iterable<SomeKeys> {
  for (const keys of order) {
    const places = placesOf(keys, mark);
    for (let at = 0; at < places.length; at += keysAtOnce) {
      yield { keys, places: places.slice(at, at + keysAtOnce) };
    }
  }
}

/** A loop, because a report does this for all keys and each severity. */
function placesOf({ marks }: SweptKeys, mark: number | undefined): readonly number[] {
  const places: number[] = [];
  for (let n = 0; n < marks.length; n += 1) {
    if (mark === undefined || ((marks[n] ?? 0) & mark) !== 0) places.push(n);
  }
  return places;
}

/** The value of each of these keys in one of the lists. */
export function pick<T>(list: readonly T[], places: readonly number[]): readonly T[] {
  return places.map((place) => list[place] as T);
}
