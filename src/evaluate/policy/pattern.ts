/**
 * A pattern of plain text and `*`, cut at its stars. `*` matches any run of characters, also an
 * empty one; nothing else is special. `literal`: the pattern has no star, and `head` is the whole
 * text.
 */
export interface Pattern {
  readonly text: string;
  readonly literal: boolean;
  readonly head: string;
  readonly middle: readonly string[];
  readonly tail: string;
}

const nothing: readonly string[] = [];

/** Prepares a pattern once for many comparisons. Several stars in a row mean one star. */
export function compilePattern(text: string): Pattern {
  if (!text.includes('*')) return { text, literal: true, head: text, middle: nothing, tail: '' };

  const parts = text.replace(/\*{2,}/g, '*').split('*');
  return {
    text: parts.join('*'),
    literal: false,
    head: parts[0] ?? '',
    middle: parts.length > 2 ? parts.slice(1, -1) : nothing,
    tail: parts.at(-1) ?? '',
  };
}

/**
 * Whether the pattern matches the whole text; case counts. It does not backtrack: each literal part
 * is searched once, behind the part before it, because the leftmost match leaves the most room.
 */
export function matches(pattern: Pattern, text: string): boolean {
  if (pattern.literal) return pattern.head === text;

  const { head, middle, tail } = pattern;
  const end = text.length - tail.length;
  if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;

  let from = head.length;
  for (const part of middle) {
    const found = text.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}

/**
 * Whether there is a text that both patterns match. If both have a star, only heads and tails can
 * conflict: the longer head, all middle parts of both and the longer tail, joined in this order,
 * are a text that both match.
 */
export function overlaps(a: Pattern, b: Pattern): boolean {
  if (a.literal) return matches(b, a.head);
  if (b.literal) return matches(a, b.head);

  const heads = a.head.startsWith(b.head) || b.head.startsWith(a.head);
  return heads && (a.tail.endsWith(b.tail) || b.tail.endsWith(a.tail));
}
