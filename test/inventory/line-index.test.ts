import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesInMemory } from '../../src/documents/text-bytes.ts';
import { indexLines } from '../../src/inventory/line-index.ts';

function count(text: string, offset: number) {
  const before = Buffer.from(text).subarray(0, offset).toString('utf8').split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Some lines are short, some longer than a block of 64 kB. */
const line = fc
  .tuple(fc.constantFrom('a', 'é', 'key_1,owner'), fc.constantFrom(0, 1, 5, 3_000, 40_000))
  .map(([text, times]) => text.repeat(times));

test('finds the line and column of offsets in any order', () => {
  const texts = fc.array(line, { minLength: 1, maxLength: 12 }).map((lines) => lines.join('\n'));
  const places = fc.array(fc.nat(1_000), { maxLength: 12 });
  fc.assert(
    fc.property(texts, places, (text, shares) => {
      const position = indexLines(bytesInMemory(Buffer.from(text)));
      const ends = [...text].length;
      for (const share of shares) {
        const characters = [...text].slice(0, Math.floor((share / 1_000) * ends)).join('');
        const offset = Buffer.byteLength(characters);
        expect(position(offset)).toEqual(count(text, offset));
      }
    }),
    { numRuns: 40 },
  );
});
