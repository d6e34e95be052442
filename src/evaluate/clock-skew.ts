/** How far the clocks of the vendor and of the database may differ. */
const clockSkewMs = 5 * 60_000;

/** Whether a last use is later than the moment when the vendor was asked. */
export function isInFuture(lastUsed: number, observedAt: number): boolean {
  return lastUsed - observedAt > clockSkewMs;
}
