import { decodeDecimal } from '../log/strict-text.ts';

/** How many contents a file of `contents/` has; the last one may have fewer. */
export const contentsPerFile = 1_000;

/** What a vendor said of keys, by the row to which `observations` of a pack refers. */
export interface Content {
  readonly row: number;
  /** JSON on one line. */
  readonly text: string;
}

/**
 * The bytes of a file of `contents/`, as text: a line for each content, with its row, a space and
 * the text. In all files together the rows ascend, and each is there once.
 */
export function encodeContents(contents: readonly Content[]): string {
  return contents.map(({ row, text }) => `${row} ${text}\n`).join('');
}

/** Undefined unless `encodeContents` can have written it. */
export function parseContents(text: string): readonly Content[] | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length === 0) return undefined;
  const contents: Content[] = [];
  for (const line of lines) {
    const end = line.indexOf(' ');
    const row = decodeDecimal(line.slice(0, Math.max(0, end)));
    if (row === undefined) return undefined;
    contents.push({ row, text: line.slice(end + 1) });
  }
  return contents;
}
