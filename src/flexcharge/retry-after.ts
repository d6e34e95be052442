// No vendor's word holds a source back for longer: the sweep's deadline is a matter of hours.
const longestMs = 3_600_000;

/**
 * Milliseconds that a `Retry-After` header asks for (seconds, or an HTTP date), at most an hour.
 * A date is measured from the answer's own `Date` where it has one, so that clocks may differ.
 * Undefined where the header is absent or unreadable.
 */
export function parseRetryAfter(
  header: string | undefined,
  answeredAt: string | undefined,
  nowMs: number,
): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * 1_000, longestMs);

  const until = parseHttpDate(text);
  if (until === undefined) return undefined;
  const from = parseHttpDate(answeredAt ?? '') ?? nowMs;
  return Math.min(Math.max(until - from, 0), longestMs);
}

/** `Date.parse` takes almost anything for a date; an HTTP date ends in GMT. */
function parseHttpDate(text: string): number | undefined {
  if (!/^[A-Za-z]{3}, \d\d [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
