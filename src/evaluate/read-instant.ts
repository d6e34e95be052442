/**
 * Milliseconds since the epoch; undefined for an invalid Date, which would break every comparison.
 */
export function readInstant(date: Date | undefined): number | undefined {
  const ms = date?.getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
