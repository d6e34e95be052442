import { parseHttpDate } from './parse-http-date.ts';

/** When an answer came, by its own clock and by ours. */
export interface AnsweredAt {
  /** Its `Date` header, if it has one. */
  readonly date?: string | undefined;
  readonly nowMs: number;
}

/**
 * Milliseconds that a `Retry-After` header asks for (seconds, or an HTTP date), from 0 to
 * `longestMs`. A date is measured from the answer's own `Date` if it has one, so that clocks may
 * differ. Undefined if the header is absent or unreadable.
 */
export function parseRetryAfter(
  header: string | undefined,
  { date = '', nowMs }: AnsweredAt,
  longestMs: number,
): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}$/.test(text)) return Math.min(Number(text) * 1_000, longestMs);
  const until = parseHttpDate(text);
  if (until === undefined) return undefined;
  const from = parseHttpDate(date) ?? nowMs;
  return Math.min(Math.max(until - from, 0), longestMs);
}
