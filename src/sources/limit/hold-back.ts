import type { Pace } from '../key-source.ts';
import type { LookupFailure } from '../lookup.ts';

/** If the vendor says how long the source is to wait, all workers wait. */
export async function holdBack(failure: LookupFailure, pace: Pace): Promise<void> {
  const { reason, retryAfterMs, awayMs } = failure;
  if (retryAfterMs === undefined) return;
  if (reason === 'rate-limited' || awayMs !== undefined) await pace.pause(retryAfterMs);
}
