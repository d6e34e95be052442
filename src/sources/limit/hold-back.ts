import type { Pace } from '../key-source.ts';
import type { LookupFailure } from '../lookup.ts';

/** When the vendor says how long to stay away, every worker stays away. */
export async function holdBack({ reason, retryAfterMs }: LookupFailure, pace: Pace): Promise<void> {
  if (reason === 'rate-limited' && retryAfterMs !== undefined) await pace.pause(retryAfterMs);
}
