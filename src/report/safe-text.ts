/** Longer texts are cut before they are looked at: nobody reads a name of a megabyte. */
const longest = 2_000;

/**
 * Controls (ANSI sequences begin with one), line breaks, marks of direction, invisible, private and
 * unassigned characters, lone halves of a pair.
 */
const unsafe = /\p{C}|\p{Zl}|\p{Zp}/gu;

/** Marks piled upon one letter run into the lines above and below. */
const piledMarks = /(\p{M}{3})\p{M}+/gu;

const plain = /^[\x20-\x7e]*$/;

/** Any space but the plain one, which some terminals draw with another width. */
const oddSpace = /\p{Zs}/gu;

/**
 * Text of a stranger, made harmless for one line of a terminal: what could move the cursor, colour,
 * reorder or hide is shown as an escape such as `\u{1b}`.
 */
export function safeText(text: string): string {
  return showHidden(text.slice(0, longest));
}

/** The same of a text of any length: what a screen would obey or hide is shown. */
export function showHidden(text: string): string {
  if (plain.test(text)) return text;
  return text
    .replace(oddSpace, ' ')
    .replace(unsafe, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(piledMarks, '$1');
}

/** The same, cut to so many characters; a cut text ends in `…`. */
export function shortenText(text: string, most: number): string {
  const shown = showHidden(text.slice(0, most + 1));
  if (shown.length <= most) return shown;
  return `${shown.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
}
