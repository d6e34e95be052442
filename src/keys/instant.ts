const shape =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/i;

const minuteMs = 60_000;

// PostgreSQL has no year 0. In ISO text, years after 9999 need a sign, which PostgreSQL refuses.
const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Parses RFC 3339 text. Returns undefined when the format is wrong, when the day or time does not
 * exist, or when the year is outside 1 to 9999. `Z` or an offset is required. It reads up to nine
 * fraction digits and drops everything below a millisecond.
 */
export function parseInstant(text: string): Date | undefined {
  const ms = parseMs(text);
  return ms !== undefined && ms >= earliest && ms <= latest ? new Date(ms) : undefined;
}

// No API key is older. Platforms write their zero for “no date”: 0001 (.NET, Go), 1601 (Windows),
// 1899 (spreadsheets), 1900 (databases), 1970 (Unix).
const firstDate = Date.parse('1980-01-01T00:00:00Z');

/**
 * Whether text is the empty date of a platform: an instant before 1980, which may lie before the
 * year 1 in UTC (`0001-01-01T00:00:00+05:30`). Text without `Z` or an offset is no instant.
 */
export function isEmptyDate(text: string): boolean {
  const ms = parseMs(text);
  return ms !== undefined && ms < firstDate;
}

function parseMs(text: string): number | undefined {
  const found = shape.exec(text);
  if (found === null) return undefined;

  const part = (index: number) => Number(found[index] ?? 0);
  const day = midnightUtc(part(1), part(2), part(3));
  const offset = offsetMs(found[8], part(9), part(10));
  const time = timeMs(part(4), part(5), part(6));
  if (day === undefined || offset === undefined || time === undefined) return undefined;

  return day + time - offset + millis(found[7]);
}

/** V8 reads 30 February as 2 March, so a day exists only if it comes back unchanged. */
function midnightUtc(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : undefined;
}

/** As in POSIX time, a leap second (`:60`) is the first instant of the next minute. */
function timeMs(hour: number, minute: number, second: number): number | undefined {
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return (hour * 60 + minute) * minuteMs + second * 1_000;
}

function offsetMs(sign: string | undefined, hours: number, minutes: number): number | undefined {
  if (hours > 23 || minutes > 59) return undefined;
  const ms = (hours * 60 + minutes) * minuteMs;
  return sign === '-' ? -ms : ms;
}

function millis(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
}
