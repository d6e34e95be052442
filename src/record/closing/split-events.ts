import type { SweepEvent } from '../outbox/pending-events.ts';

/**
 * Takes the pending events, from any sweep, of the findings that a sweep changed. With `before`,
 * only those before the first event of that other sweep about the same finding. `left`: the others.
 * Both keep the order in which the events happened.
 */
export function splitEvents(
  events: readonly SweepEvent[],
  sweepRow: number,
  before?: number,
): { readonly taken: readonly SweepEvent[]; readonly left: readonly SweepEvent[] } {
  const changed = new Set(events.filter((event) => event.sweepRow === sweepRow).map(findingOf));
  const reached = new Set<number>();
  const taken: SweepEvent[] = [];
  const left: SweepEvent[] = [];
  for (const event of events) {
    const { findingRow } = event;
    if (event.sweepRow === before) reached.add(findingRow);
    const isTaken = changed.has(findingRow) && !reached.has(findingRow);
    (isTaken ? taken : left).push(event);
  }
  return { taken, left };
}

function findingOf({ findingRow }: SweepEvent): number {
  return findingRow;
}
