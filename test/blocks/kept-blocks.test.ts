import { expect, test } from 'vitest';
import { createKeptBlocks } from '../../src/blocks/kept-blocks.ts';

test('a file that takes no more leaves the rest in memory', () => {
  const written: Buffer[] = [];
  let writes = 0;
  const blocks = createKeptBlocks(0, () => ({
    write(bytes) {
      writes += 1;
      if (writes > 2) throw new Error('the disk is full');
      return written.push(bytes) - 1;
    },
    read: (at) => written[at] ?? Buffer.alloc(0),
    close: () => undefined,
  }));
  for (const text of ['aa', 'bbb', 'c', 'd']) blocks.add(Buffer.from(text));
  const texts = [0, 1, 2, 3].map((place) => blocks.read(place).toString());
  expect(texts).toEqual(['aa', 'bbb', 'c', 'd']);
  expect([writes, written.length]).toEqual([3, 2]);
});

test('a block that the disk has changed is not returned', () => {
  const blocks = createKeptBlocks(0, () => ({
    write: () => 0,
    read: () => Buffer.from('another'),
    close: () => undefined,
  }));
  blocks.add(Buffer.from('written'));
  expect(() => blocks.read(0)).toThrow('a temporary file is damaged');
});
