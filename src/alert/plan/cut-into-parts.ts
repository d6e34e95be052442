import { type EventKind, kinds } from './event-kinds.ts';

interface Cuttable {
  readonly kind: EventKind;
  readonly finding: { readonly fingerprint: string };
}

/**
 * Cuts a channel's events into messages, in order. A message holds at most `most` events, and fits
 * unless it is a single event. A message lists a finding's events in the order of the arrays, so
 * “resolved, then reopened” takes two messages: in one, “resolved” would come last.
 */
export function cutIntoParts<E extends Cuttable>(
  events: readonly E[],
  most: number,
  fits: (part: readonly E[]) => boolean,
): readonly (readonly E[])[] {
  const parts: E[][] = [];
  let part: E[] = [];
  let latest = new Map<string, number>();
  for (const event of events) {
    const rank = kinds.indexOf(event.kind);
    const outOfOrder = rank <= (latest.get(event.finding.fingerprint) ?? -1);
    if (parts.length === 0 || part.length === most || outOfOrder) {
      part = [];
      latest = new Map();
      parts.push(part);
    }
    part.push(event);
    latest.set(event.finding.fingerprint, rank);
  }
  return parts.flatMap((some) => cutToFit(some, fits));
}

function cutToFit<E>(
  part: readonly E[],
  fits: (part: readonly E[]) => boolean,
): readonly (readonly E[])[] {
  if (part.length <= 1 || fits(part)) return [part];
  const half = Math.ceil(part.length / 2);
  return [...cutToFit(part.slice(0, half), fits), ...cutToFit(part.slice(half), fits)];
}
