import { displayWidth, head } from './display-width.ts';

/**
 * Wraps text to lines of at most `most` columns, at least 1. Lines break at spaces; a word longer
 * than a line breaks at the line's end. Returns at least one line.
 */
export function wrap(text: string, most: number): readonly string[] {
  // A terminal may be narrower than the indentation, or report no width.
  const width = Math.max(1, most);
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (displayWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = breakWord(word, width, lines);
  }
  lines.push(line);
  return lines;
}

/** Moves the full lines of a long word to `lines`, and returns the rest of the word. */
function breakWord(word: string, width: number, lines: string[]): string {
  let rest = word;
  while (displayWidth(rest) > width) {
    // A line narrower than one wide letter takes it anyway, so that the loop ends.
    const part = head(rest, width) || [...rest].slice(0, 1).join('');
    lines.push(part);
    rest = rest.slice(part.length);
  }
  return rest;
}
