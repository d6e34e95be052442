import type { Position } from '../documents/mistake.ts';
import type { TextBytes } from '../documents/text-bytes.ts';

const lineFeed = 0x0a;
const block = 64 * 1024;

/** An offset in a block, and the line feeds before it in the text. */
interface Counted {
  readonly place: number;
  readonly bytes: Buffer;
  readonly inBlock: number;
  readonly lineFeeds: number;
}

/**
 * Finds the line and column of an offset in UTF-8. The lines are counted at the first call, because
 * most files need none. Thousands of mistakes are asked for one after another, so each is counted
 * from the last one if that is before it in the same block.
 */
export function indexLines(text: TextBytes): (offset: number) => Position {
  let blocks: readonly number[] | undefined;
  let last: Counted | undefined;
  const begin = (place: number): Counted => {
    blocks ??= countByBlock(text);
    const bytes =
      last?.place === place ? last.bytes : text.slice(place * block, (place + 1) * block);
    return { place, bytes, inBlock: 0, lineFeeds: blocks[place] ?? 0 };
  };
  return (offset) => {
    const place = Math.floor(offset / block);
    const inBlock = offset - place * block;
    const from = last?.place === place && last.inBlock <= inBlock ? last : begin(place);
    const { bytes } = from;
    const lineFeeds = from.lineFeeds + countLineFeeds(bytes.subarray(from.inBlock, inBlock));
    last = { place, bytes, inBlock, lineFeeds };
    const start = bytes.subarray(0, inBlock).lastIndexOf(lineFeed) + 1;
    const line =
      start > 0 || place === 0
        ? bytes.subarray(start, inBlock)
        : text.slice(startOfLine(text, offset - inBlock), offset);
    return { line: lineFeeds + 1, column: line.toString('utf8').length + 1 };
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
