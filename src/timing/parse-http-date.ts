/**
 * The instant of an HTTP date, in milliseconds of the epoch; undefined for any other text.
 * `Date.parse` accepts almost any text; an HTTP date ends in GMT.
 */
export function parseHttpDate(text: string): number | undefined {
  if (!/^[A-Za-z]{3}, \d\d [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
