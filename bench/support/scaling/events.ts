/** What happens in a simulation, in the order of its instants; equal instants in the order of asking. */
export interface Events {
  /** The instant of what happens now, in milliseconds. */
  readonly now: () => number;
  at(instant: number, run: () => void): void;
  /** Lets the next thing happen; false if there is none, or if it is later than `until`. */
  next(until?: number): boolean;
}

interface Event {
  readonly at: number;
  readonly number: number;
  readonly run: () => void;
}

const isBefore = (one: Event, other: Event) =>
  one.at < other.at || (one.at === other.at && one.number < other.number);

/** A binary heap: a sweep of ten million keys has hundreds of thousands of events. */
export function createEvents(): Events {
  const heap: Event[] = [];
  let [now, numbers] = [0, 0];

  const swap = (one: number, other: number) => {
    const [a, b] = [heap[one], heap[other]];
    if (a !== undefined && b !== undefined) [heap[one], heap[other]] = [b, a];
  };
  const isEarlier = (one: number, other: number) => {
    const [a, b] = [heap[one], heap[other]];
    return a !== undefined && b !== undefined && isBefore(a, b);
  };
  const rise = (from: number) => {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isEarlier(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  };
  const sink = () => {
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = isEarlier(right, left) ? right : left;
      if (!isEarlier(child, at)) return;
      swap(at, child);
      at = child;
    }
  };
  const take = () => {
    const first = heap[0];
    const last = heap.pop();
    if (last !== undefined && heap.length > 0) {
      heap[0] = last;
      sink();
    }
    return first;
  };

  return {
    now: () => now,
    at(instant, run) {
      heap.push({ at: Math.max(instant, now), number: numbers, run });
      numbers += 1;
      rise(heap.length - 1);
    },
    next(until = Number.POSITIVE_INFINITY) {
      const first = heap[0];
      if (first === undefined || first.at > until) return false;
      take();
      now = first.at;
      first.run();
      return true;
    },
  };
}
