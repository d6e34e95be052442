import type { Position } from '../documents/mistake.ts';

const lineFeed = 0x0a;

/**
 * Finds the line and column of an offset in UTF-8. The line ends are collected at the first call,
 * because most files need none.
 */
export function indexLines(bytes: Buffer): (offset: number) => Position {
  let ends: readonly number[] | undefined;
  return (offset) => {
    ends ??= lineEnds(bytes);
    const line = countBelow(ends, offset);
    const start = line === 0 ? 0 : (ends[line - 1] ?? 0) + 1;
    return { line: line + 1, column: bytes.toString('utf8', start, offset).length + 1 };
  };
}

function lineEnds(bytes: Buffer): number[] {
  const ends: number[] = [];
  for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, end + 1)) {
    ends.push(end);
  }
  return ends;
}

/** How many of the ascending numbers are below `limit`. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
