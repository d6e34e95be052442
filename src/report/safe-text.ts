/** Longer text is cut before it is processed: a name may be a megabyte long. */
const longest = 2_000;

/**
 * Controls (ANSI sequences begin with one), line breaks, direction marks, invisible, private and
 * unassigned characters, and unpaired surrogates.
 */
const unsafe = /\p{C}|\p{Zl}|\p{Zp}/gu;

/** Many marks on one letter overlap the lines above and below. */
const piledMarks = /(\p{M}{3})\p{M}+/gu;

const plain = /^[\x20-\x7e]*$/;

/** Every space except the plain one: some terminals draw these with another width. */
const oddSpace = /\p{Zs}/gu;

/**
 * Makes untrusted text harmless for one line of a terminal. Characters that could move the cursor,
 * colour, reorder or hide text become escapes such as `\u{1b}`.
 */
export function safeText(text: string): string {
  return showHidden(text.slice(0, longest));
}

/** Escapes control and invisible characters in text of any length. */
export function showHidden(text: string): string {
  if (plain.test(text)) return text;
  return text
    .replace(oddSpace, ' ')
    .replace(unsafe, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(piledMarks, '$1');
}

/** Makes text safe like `safeText`, and cuts it to `most` characters. Cut text ends in `…`. */
export function shortenText(text: string, most: number): string {
  const shown = showHidden(text.slice(0, most + 1));
  if (shown.length <= most) return shown;
  return `${shown.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
}
