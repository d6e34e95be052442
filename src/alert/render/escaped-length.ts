/**
 * The length of a JSON text whose non-ASCII characters are escaped (`\u00e9`). Receivers count this
 * or bytes, and do not say which: this is never the smaller count.
 */
export function escapedLength(json: string): number {
  return json.length + 5 * (json.match(/[^ -~]/g)?.length ?? 0);
}
