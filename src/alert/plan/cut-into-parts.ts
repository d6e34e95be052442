import { type EventKind, kinds } from './event-kinds.ts';

interface Cuttable {
  readonly kind: EventKind;
  readonly finding: { readonly fingerprint: string };
}

/** Cuts events into parts while they come; it holds those of one part only. */
export interface Cutter<E> {
  take(event: E): void;
  /** How many events each part has, in order. Called once, after the last event. */
  end(): readonly number[];
}

/**
 * Cuts a channel's events into messages, in order. A message holds at most `most` events, and fits
 * unless it is a single event. A message lists a finding's events in the order of the arrays, so
 * “resolved, then reopened” takes two messages: in one, “resolved” would come last.
 */
export function createCutter<E extends Cuttable>(
  most: number,
  fits: (part: readonly E[]) => boolean,
): Cutter<E> {
  const sizes: number[] = [];
  let part: E[] = [];
  let latest = new Map<string, number>();
  const cut = () => {
    sizes.push(...cutToFit(part, fits));
    part = [];
    latest = new Map();
  };
  return {
    take(event) {
      const { fingerprint } = event.finding;
      const rank = kinds.indexOf(event.kind);
      const outOfOrder = rank <= (latest.get(fingerprint) ?? -1);
      if (part.length === most || outOfOrder) cut();
      part.push(event);
      latest.set(fingerprint, rank);
    },
    end() {
      if (part.length > 0) cut();
      return sizes;
    },
  };
}

function cutToFit<E>(part: readonly E[], fits: (part: readonly E[]) => boolean): readonly number[] {
  if (part.length <= 1 || fits(part)) return [part.length];
  const half = Math.ceil(part.length / 2);
  return [...cutToFit(part.slice(0, half), fits), ...cutToFit(part.slice(half), fits)];
}
