import type { Position } from '../documents/mistake.ts';
import type { TextBytes } from '../documents/text-bytes.ts';

const lineFeed = 0x0a;
const block = 64 * 1024;

/**
 * Finds the line and column of an offset in UTF-8. The lines are counted at the first call, because
 * most files need none.
 */
export function indexLines(text: TextBytes): (offset: number) => Position {
  let counted: readonly number[] | undefined;
  return (offset) => {
    counted ??= countByBlock(text);
    const place = Math.floor(offset / block);
    const before = (counted[place] ?? 0) + countLineFeeds(text.slice(place * block, offset));
    const column = text.slice(startOfLine(text, offset), offset).toString('utf8').length + 1;
    return { line: before + 1, column };
  };
}

/** For each block, the line feeds before it. */
function countByBlock(text: TextBytes): readonly number[] {
  const counted = [0];
  for (let at = 0; at < text.length; at += block) {
    counted.push((counted.at(-1) ?? 0) + countLineFeeds(text.slice(at, at + block)));
  }
  return counted;
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, end + 1)) {
    count += 1;
  }
  return count;
}

function startOfLine(text: TextBytes, offset: number): number {
  for (let end = offset; end > 0; ) {
    const from = Math.max(end - block, 0);
    const found = text.slice(from, end).lastIndexOf(lineFeed);
    if (found !== -1) return from + found + 1;
    end = from;
  }
  return 0;
}
