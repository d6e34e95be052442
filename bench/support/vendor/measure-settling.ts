import { median } from '../median.ts';
import type { Span } from '../span.ts';
import type { Served } from './vendor-options.ts';

/** How a vendor's capacity was used in a span of time. */
export interface Settling {
  /** Until the use had settled; undefined: it never did. */
  readonly settledMs: number | undefined;
  /** Keys answered once settled (or in all of the span), beside what the vendor can answer. */
  readonly share: number;
  /** From arrival to answer, the median once settled. */
  readonly tookMs: number;
  /** How long the vendor worked on a request, on average. */
  readonly workedMs: number;
}

const windowMs = 1_000;
const stepMs = 100;
const leastShare = 0.9;
/** A request of a settled sweep waits in the vendor's line for twice its service at most. */
const longestTimes = 3;

/**
 * Settled: in a window of a second, nine tenths of the capacity are used and the median request
 * takes three times the vendor's own time at most. `served` is in the order of the answers; `places`
 * is how many the vendor works on at once.
 */
export function measureSettling(served: readonly Served[], span: Span, places: number): Settling {
  const within = (from: number, to: number) => served.filter(({ at }) => at >= from && at < to);
  const workedMs = meanOf(within(span.from, span.to).map((one) => one.workedMs));
  const perMs = places / workedMs;
  const isSettled = (from: number) => {
    const answered = within(from, from + windowMs);
    const isUsed = answered.length >= leastShare * perMs * windowMs;
    return isUsed && medianOf(answered) <= longestTimes * workedMs;
  };
  let from = span.from;
  while (from + windowMs <= span.to && !isSettled(from)) from += stepMs;
  const settled = from + windowMs <= span.to;
  const counted = settled ? from : span.from;
  const answered = within(counted, span.to);
  return {
    settledMs: settled ? from - span.from : undefined,
    share: answered.length / (perMs * (span.to - counted)),
    tookMs: answered.length === 0 ? 0 : medianOf(answered),
    workedMs,
  };
}

const medianOf = (served: readonly Served[]) => median(served.map(({ tookMs }) => tookMs));
const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
