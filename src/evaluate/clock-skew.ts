/** The clocks of the vendor and of the database may differ by so much before a use is nonsense. */
const clockSkewMs = 5 * 60_000;

/** Whether a use is later than the vendor can have known of when it was asked. */
export function isInFuture(lastUsed: number, observedAt: number): boolean {
  return lastUsed - observedAt > clockSkewMs;
}
