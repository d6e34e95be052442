import { expect, test } from 'vitest';
import {
  proveConsistency,
  proveInclusion,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../../src/evidence/log/merkle.ts';
import {
  proveConsistencyFromTiles,
  proveInclusionFromTiles,
  rootFromTiles,
} from '../../../src/evidence/log/tile-proofs.ts';
import { leavesOf, readerOf } from './some-leaves.ts';

const all = leavesOf(70_000);
const reader = readerOf(all);
const sizes = [1, 2, 3, 7, 255, 256, 257, 511, 512, 513, 1000, 65_535, 65_536, 65_537, 70_000];

test.each(sizes)('the root of %i leaves is the same from tiles', async (size) => {
  expect(await rootFromTiles(size, reader)).toEqual(rootOf(all.slice(0, size)));
});

test('the empty tree needs no tile', async () => {
  const nothing = readerOf([]);
  expect(await rootFromTiles(0, nothing)).toEqual(rootOf([]));
  expect(await proveConsistencyFromTiles(0, 0, nothing)).toEqual([]);
  expect(nothing.reads).toBe(0);
});

test.each(sizes)('the proofs in %i leaves from tiles hold', async (size) => {
  const root = await rootFromTiles(size, reader);
  const places = [0, 1, 254, 255, 256, 257, Math.floor(size / 2), size - 2, size - 1];
  for (const index of new Set(places.filter((place) => place >= 0 && place < size))) {
    const path = await proveInclusionFromTiles(index, size, reader);
    const leafHash = all[index] ?? root;
    expect(verifyInclusion({ index, size, leafHash, path, root })).toBe(true);

    const oldSize = index + 1;
    const oldRoot = await rootFromTiles(oldSize, reader);
    const steps = await proveConsistencyFromTiles(oldSize, size, reader);
    expect(verifyConsistency({ oldSize, size, oldRoot, root, path: steps })).toBe(true);
  }
});

test('the proofs are those over all leaves', async () => {
  const hashes = all.slice(0, 777);
  for (const index of [0, 255, 256, 511, 512, 700, 776]) {
    const path = await proveInclusionFromTiles(index, 777, reader);
    expect(path).toEqual(proveInclusion(index, hashes));
    const steps = await proveConsistencyFromTiles(index + 1, 777, reader);
    expect(steps).toEqual(proveConsistency(index + 1, hashes));
  }
});

test('reads a tile once for a proof, and few of them', async () => {
  const counted = readerOf(all);
  await proveInclusionFromTiles(69_999, 70_000, counted);
  // The leaf's own tile, that of level 1 beside it, and that of level 2.
  expect(counted.reads).toBe(3);
});

test('names a tile of the wrong size', async () => {
  const short = { read: async () => Buffer.alloc(31) };
  await expect(rootFromTiles(300, short)).rejects.toThrow('tile/1/000.p/1: has 31 bytes, not 32');
});

test('a leaf that is not there cannot be proven', async () => {
  await expect(proveInclusionFromTiles(7, 7, reader)).rejects.toThrow(RangeError);
  await expect(proveConsistencyFromTiles(8, 7, reader)).rejects.toThrow(RangeError);
});
