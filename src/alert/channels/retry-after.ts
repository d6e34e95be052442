const dayMs = 86_400_000;

/**
 * Milliseconds that a `Retry-After` header asks for: seconds, or an HTTP date measured from `now`.
 * From 0 to a day, as no alert is tried for longer. Undefined where it is absent or unreadable.
 */
export function parseRetryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}$/.test(text)) return Math.min(Number(text) * 1_000, dayMs);
  // `Date.parse` takes almost anything for a date; an HTTP date ends in GMT.
  if (!/^[A-Za-z]{3}, \d\d [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms - now.getTime()), dayMs);
}
