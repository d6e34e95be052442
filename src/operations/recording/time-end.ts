import { dayMs } from '../../keys/days.ts';
import { parseInstant } from '../../keys/instant.ts';

/** The beginning and the end of a time, as a person names them. */
export type TimeEnd = 'from' | 'to';

/**
 * The instant that a time begins at, or ends before. A day without a time is the whole day in UTC.
 * Undefined for other text.
 */
export function parseTimeEnd(text: string, end: TimeEnd): Date | undefined {
  const instant = parseInstant(text);
  if (instant !== undefined) return instant;
  const day = parseInstant(`${text}T00:00:00Z`);
  return day && (end === 'from' ? day : new Date(day.getTime() + dayMs));
}

export const timeEndForm = 'must be a day (2026-11-29) or an instant (2026-11-29T08:00:00Z)';
