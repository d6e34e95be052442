import type { Pace } from '../key-source.ts';
import type { LookupFailure } from '../lookup.ts';

/** If the vendor says how long to wait, all workers wait. */
export async function holdBack({ reason, retryAfterMs }: LookupFailure, pace: Pace): Promise<void> {
  if (reason === 'rate-limited' && retryAfterMs !== undefined) await pace.pause(retryAfterMs);
}
