/** Gives, for equal values, the first of them, so that the others need no memory. */
export type Share = <T extends JsonValue>(value: T) => T;

type JsonValue = string | readonly string[] | { readonly [name: string]: unknown } | null;

/** More distinct values than this are forgotten: they would need memory themselves. */
const mostKnown = 10_000;

export function createSharer(): Share {
  const known = new Map<string, unknown>();
  return <T extends JsonValue>(value: T): T => {
    const text = JSON.stringify(value);
    if (known.has(text)) return known.get(text) as T;
    if (known.size >= mostKnown) known.clear();
    known.set(text, value);
    return value;
  };
}
