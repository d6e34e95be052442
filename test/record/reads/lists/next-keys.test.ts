import { expect, test } from 'vitest';
import { keepKeys } from '../../../../src/inventory/keep-keys.ts';
import { type KeyPlace, readNextKeys } from '../../../../src/record/reads/lists/next-keys.ts';
import { aTrackedKey } from '../../world.ts';

/** Keys of three sources, in an order that is not theirs; 𝟙 follows ｚ by code point only. */
const names = Array.from({ length: 500 }, (_, n): KeyPlace => {
  const place = (n * 37) % 500;
  return [['a', 'b', 'c'][place % 3] ?? '', ['ｚ', '𝟙', 'k'][place % 7] ?? `k${place}`];
});
const distinct = [...new Map(names.map((name) => [name.join(' '), name])).values()];
const listed = () => keepKeys(distinct.map(([source, keyId]) => aTrackedKey(keyId, { source })));
const sorted = distinct.toSorted(
  (a, b) =>
    Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])) ||
    Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1])),
);

test.each([7, 100, 5_000])(
  'the keys come in their order, each once, %i at a time',
  async (size) => {
    const inventory = listed();
    const all: KeyPlace[] = [];
    for (let after: KeyPlace | undefined; ; after = all.at(-1)) {
      const { keys, isEnd } = await readNextKeys(inventory, after, size);
      expect(keys.length).toBeLessThanOrEqual(size);
      all.push(...keys.map(({ source, keyId }): KeyPlace => [source, keyId]));
      if (isEnd) break;
      expect(keys).not.toEqual([]);
    }
    expect(all).toEqual(sorted);
  },
);

test('pages in any order have their own keys', async () => {
  const inventory = listed();
  for (const at of [200, 10, 201, 9, 0, 250]) {
    const { keys } = await readNextKeys(inventory, sorted[at], 50);
    const found = keys.slice(0, 5).map(({ source, keyId }) => [source, keyId]);
    expect(found).toEqual(sorted.slice(at + 1, at + 1 + found.length));
    expect(found).not.toEqual([]);
  }
  expect(await readNextKeys(inventory, sorted.at(-1), 50)).toEqual({ keys: [], isEnd: true });
});
