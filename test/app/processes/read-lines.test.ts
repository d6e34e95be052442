import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readLines } from '../../../src/app/processes/read-lines.ts';

function linesOf(chunks: readonly Buffer[]): Promise<readonly [string, boolean][]> {
  const stream = new PassThrough();
  const lines: [string, boolean][] = [];
  readLines(stream, (line, isWhole) => lines.push([line, isWhole]));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  return new Promise((resolve) => stream.on('close', () => resolve(lines)));
}

test('a line is whole wherever its bytes were cut, and however many come at once', async () => {
  const bytes = Buffer.from('{"a":"é\u2028"}\n\n{"b":1}\n');
  const expected = [
    ['{"a":"é\u2028"}', true],
    ['', true],
    ['{"b":1}', true],
  ];
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    expect(await linesOf([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected);
  }
});

test('what stands after the last line is told apart: its process ended as it wrote', async () => {
  expect(await linesOf([Buffer.from('{"a":1}\n{"b'), Buffer.from('":')])).toEqual([
    ['{"a":1}', true],
    ['{"b":', false],
  ]);
});
