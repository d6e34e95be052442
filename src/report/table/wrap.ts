import { displayWidth, head } from './display-width.ts';

/**
 * Lines of at most `most` columns, or of one, broken at spaces where there are any; a word that is too long
 * for a line is broken where the line ends. At least one line.
 */
export function wrap(text: string, most: number): readonly string[] {
  // A terminal may be narrower than what stands before the text, or have no width at all.
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

/** Puts whole lines of a long word aside and returns what is left of it. */
function breakWord(word: string, width: number, lines: string[]): string {
  let rest = word;
  while (displayWidth(rest) > width) {
    // A line too narrow for one wide letter takes it all the same: there must be an end.
    const part = head(rest, width) || [...rest].slice(0, 1).join('');
    lines.push(part);
    rest = rest.slice(part.length);
  }
  return rest;
}
