/** A server that loads its data is well soon. */
const longestLoadingMs = 60_000;

/** Codes of a server that cannot be reached; it may come back, and the workers wait for it. */
const unreachable =
  /^(ECONN[A-Z]+|ENOTFOUND|EAI_[A-Z]+|E[A-Z]+UNREACH|ETIMEDOUT|EPIPE|ClusterAllFailedError|AggregateError)$/;

/**
 * What `start` does when the queue's server refused the probe with this word: start all the same and
 * wait for the server, ask again, or fail.
 */
export function planAfterRefusal(refusal: string, waitedMs: number): 'start' | 'again' | 'fail' {
  if (refusal === 'LOADING' && waitedMs < longestLoadingMs) return 'again';
  return unreachable.test(refusal) ? 'start' : 'fail';
}
