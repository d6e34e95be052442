/**
 * How long a JSON text is where all but ASCII is escaped (`\u00e9`). Receivers count so, or by
 * bytes, and do not say: no way of counting gives more.
 */
export function escapedLength(json: string): number {
  return json.length + 5 * (json.match(/[^ -~]/g)?.length ?? 0);
}
