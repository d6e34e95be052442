import type { RequestProgress } from '../../record/sweeps/requests.ts';

/** A worker that starts again, or a server that was away, takes a request long before this. */
const openWithinMs = 600_000;
/** `reconcile` closes a late sweep within about a minute. */
const closeWithinMs = 180_000;

const mend = 'see that keysweep start runs with the role worker, and read its log';
const unopened = `no worker has taken the request for ${openWithinMs / 60_000} minutes: ${mend}`;
const unclosed = `the sweep passed its deadline ${closeWithinMs / 60_000} minutes ago and no worker closes it: ${mend}`;

/**
 * Says why waiting for a request leads to nothing: nobody opens its sweep, or closes it after its
 * deadline. Undefined while somebody may. The times are measured here, because the database's clock
 * may jump past a deadline.
 */
export function watchEnd(
  now: () => number,
): (progress: Pick<RequestProgress, 'sweepId' | 'overdue'>) => string | undefined {
  const openBy = now() + openWithinMs;
  let closeBy = Number.POSITIVE_INFINITY;
  return ({ sweepId, overdue }) => {
    if (sweepId === null) return now() < openBy ? undefined : unopened;
    // A holder of an earlier build does not say.
    const late = overdue === true;
    closeBy = late ? Math.min(closeBy, now() + closeWithinMs) : Number.POSITIVE_INFINITY;
    return now() < closeBy ? undefined : unclosed;
  };
}
