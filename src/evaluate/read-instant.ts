/** Milliseconds since the epoch. An invalid Date would slip through every comparison: unreadable. */
export function readInstant(date: Date | undefined): number | undefined {
  const ms = date?.getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
