import type { Readable } from 'node:stream';

/** Calls with each line, and at the end with what stands after the last, which is not whole. */
export function readLines(stream: Readable, take: (line: string, isWhole: boolean) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    // Node's readline would also break lines at U+2028, which JSON may hold.
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line, true);
  });
  stream.on('end', () => {
    if (rest !== '') take(rest, false);
  });
}
