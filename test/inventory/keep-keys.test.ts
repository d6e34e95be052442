import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { createKeptBlocks } from '../../src/blocks/kept-blocks.ts';
import { createKeyKeeper, keepKeys } from '../../src/inventory/keep-keys.ts';
import { collectKeys, type ListedKeys } from '../../src/inventory/listed-keys.ts';
import type { TrackedKey } from '../../src/keys/tracked-key.ts';

/** Thousands of keys, of which some hold everything that could break a row. */
const keys = Array.from({ length: 10_000 }, (_, n): TrackedKey => {
  const ordinary = { source: 'prod', keyId: `key_${n}`, owner: null, environment: null };
  if (n % 3 === 0) return { ...ordinary, approvedScopes: null, tags: [] };
  const odd = `a\n"b",[c]\\\u2028 ü😀 ${n}`;
  return { ...ordinary, owner: odd, environment: '', approvedScopes: [], tags: [odd, ','] };
});

const keptIn = (blocks: ReturnType<typeof createKeptBlocks>): ListedKeys => {
  const keeper = createKeyKeeper(blocks);
  for (const key of keys) keeper.add(key);
  return keeper.end();
};
const noFile = () => {
  throw new Error('the disk is full');
};

test.each([
  ['in memory', () => createKeptBlocks()],
  ['in a file', () => createKeptBlocks(0)],
  ['in both', () => createKeptBlocks(300_000)],
  ['in memory where no file can be made', () => createKeptBlocks(0, noFile)],
])(
  'all keys are there as they were, in their order, as often as they are read: %s',
  async (_, make) => {
    const kept = keptIn(make());
    expect(kept.count).toBe(10_000);
    for (const _time of [1, 2]) expect(await collectKeys(kept)).toEqual(keys);
  },
);

test('nothing remains in the folder of temporary files', () => {
  const listed = () => readdirSync(tmpdir()).filter((name) => /^keysweep-.{6}$/.test(name));
  const before = listed();
  keptIn(createKeptBlocks(0));
  expect(listed().filter((name) => !before.includes(name))).toEqual([]);
});

test('the hash is that of the JSON of each key, one behind the other: databases hold it', () => {
  const [a, b] = [keys[0], keys[1]];
  if (a === undefined || b === undefined) throw new Error('no keys');
  const text = `["prod","key_0",null,null,null,[]]["prod","key_1",${JSON.stringify(b.owner)},"",[],${JSON.stringify(b.tags)}]`;
  expect(keepKeys([a, b]).hash).toBe(createHash('sha256').update(text).digest('hex'));
  expect(keepKeys([]).hash).toBe(createHash('sha256').digest('hex'));
});

test('dropped keys leave no open file', async () => {
  let closed = 0;
  const file = {
    write: () => 0,
    read: (_at: number, length: number) => Buffer.alloc(length),
    close: () => {
      closed += 1;
    },
  };
  const kept = keptIn(createKeptBlocks(0, () => file));
  kept.drop();
  kept.drop();
  expect(closed).toBe(1);
  await expect(collectKeys(kept)).rejects.toThrow('there is no block 0');
});
