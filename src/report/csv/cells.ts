import { wholeDays } from '../../keys/days.ts';
import { isoInstant } from '../../text/iso-instant.ts';

/** Formats an instant for spreadsheets, in UTC: `2026-11-23 02:30:00`. */
export function instantCell(instant: Date | null | undefined): string | undefined {
  return instant ? isoInstant(instant).slice(0, 19).replace('T', ' ') : undefined;
}

/** When a key was last used: `never`, or empty if unknown. */
export function lastUsedCell(lastUsed: Date | null | undefined): string | undefined {
  return lastUsed === null ? 'never' : instantCell(lastUsed);
}

/** Joins texts in one cell, with the inventory's separator. */
export function listCell(texts: readonly string[] | null | undefined): string | undefined {
  return texts?.join('|');
}

/** Whole days from an instant to a later one, at least 0. */
export function daysCell(from: Date | null | undefined, to: Date): number | undefined {
  return from ? Math.max(0, wholeDays(to.getTime() - from.getTime())) : undefined;
}

/** A mark that is present or not. */
export function markCell(mark: true | undefined): string | undefined {
  return mark === true ? 'true' : undefined;
}
