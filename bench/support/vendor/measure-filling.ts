import type { Figure } from '../define-bench.ts';
import { overRounds } from '../median.ts';
import type { Span } from '../span.ts';
import type { Journal } from './vendor-options.ts';

/** How a sweep filled its places at the vendor, as the vendor saw it. */
export interface Filling {
  /** From the opening of the sweep to the first request. */
  readonly openingMs: number;
  /** Requests at the vendor on average, from the first one until the last one arrived. */
  readonly inFlight: number;
  /** From the arrival of a request to its answer, on average. */
  readonly tookMs: number;
  /** From the last arrival to the last answer, and from there to the close of the sweep. */
  readonly lastMs: number;
  readonly closingMs: number;
}

/** `span`: the sweep, in milliseconds since the epoch. */
export function measureFilling(
  { arrivedMs, answeredMs, originMs }: Pick<Journal, 'arrivedMs' | 'answeredMs' | 'originMs'>,
  span: Span,
): Filling {
  const [first = 0, last = 0] = [arrivedMs[0], arrivedMs.at(-1)];
  const end = answeredMs.at(-1) ?? last;
  // Which request an answer belongs to does not matter to a sum.
  const until = (instants: readonly number[]) =>
    instants.reduce((sum, at) => sum + Math.max(0, last - at), 0);
  const sum = (instants: readonly number[]) => instants.reduce((total, at) => total + at, 0);
  return {
    openingMs: originMs + first - span.from,
    inFlight: (until(arrivedMs) - until(answeredMs)) / (last - first),
    tookMs: (sum(answeredMs) - sum(arrivedMs)) / arrivedMs.length,
    lastMs: end - last,
    closingMs: span.to - (originMs + end),
  };
}

const figures: Readonly<Record<keyof Filling, readonly [name: string, unit: string]>> = {
  openingMs: ['from the opening to the first request', 'ms'],
  inFlight: ['requests at the vendor, on average', ''],
  tookMs: ['a request at the vendor, on average', 'ms'],
  lastMs: ['from the last request to its answer', 'ms'],
  closingMs: ['from there to the close', 'ms'],
};

/** They have no aim: they say where a sweep that waits for its vendor loses time. */
export function reportFilling(rounds: readonly Filling[], of = ''): readonly Figure[] {
  return Object.entries(figures).map(([part, [name, unit]]) => {
    const values = rounds.map((round) => round[part as keyof Filling]);
    return overRounds({ name: of === '' ? name : `${of}: ${name}`, unit }, values);
  });
}
