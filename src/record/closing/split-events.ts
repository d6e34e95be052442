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
  const changed = new Set(events.filter((event) => event.sweepRow === sweepRow).map(fingerprintOf));
  const reached = new Set<string>();
  const taken: SweepEvent[] = [];
  const left: SweepEvent[] = [];
  for (const event of events) {
    const fingerprint = fingerprintOf(event);
    if (event.sweepRow === before) reached.add(fingerprint);
    const isTaken = changed.has(fingerprint) && !reached.has(fingerprint);
    (isTaken ? taken : left).push(event);
  }
  return { taken, left };
}

function fingerprintOf({ finding }: SweepEvent): string {
  return finding.fingerprint;
}
