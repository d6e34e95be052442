import { wholeDays } from '../../keys/days.ts';

/** An instant as spreadsheets read it: `2026-11-23 02:30:00`, UTC. */
export function instantCell(instant: Date | null | undefined): string | undefined {
  return instant?.toISOString().slice(0, 19).replace('T', ' ');
}

/** When a key was last used: `never`, or nothing where it is not known. */
export function lastUsedCell(lastUsed: Date | null | undefined): string | undefined {
  return lastUsed === null ? 'never' : instantCell(lastUsed);
}

/** Several texts in a cell, separated as in the inventory. */
export function listCell(texts: readonly string[] | null | undefined): string | undefined {
  return texts?.join('|');
}

/** Whole days from an instant to a later one, at least 0. */
export function daysCell(from: Date | null | undefined, to: Date): number | undefined {
  return from ? Math.max(0, wholeDays(to.getTime() - from.getTime())) : undefined;
}
