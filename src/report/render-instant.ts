/** Formats an instant for people, to the second: `2026-11-23 02:30:00Z`. */
export function renderInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, -5).replace('T', ' ')}Z`;
}

/** Formats the day of an instant in UTC: `2026-11-23`. */
export function renderDay(instant: Date): string {
  return instant.toISOString().slice(0, -14);
}
