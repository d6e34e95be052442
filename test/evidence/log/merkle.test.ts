import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hashChildren,
  hashLeaf,
  proveConsistency,
  proveInclusion,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../../src/evidence/log/merkle.ts';
import {
  listConsistencyRanges,
  listInclusionRanges,
} from '../../../src/evidence/log/proof-ranges.ts';
import vectors from './vectors/rfc6962.json' with { type: 'json' };

const hex = (text: string) => Buffer.from(text, 'hex');
const leaves = vectors.leaves.map((leaf) => hashLeaf(hex(leaf)));

import { leavesOf } from './some-leaves.ts';

test('agrees with the reference roots of 0 to 8 leaves', () => {
  vectors.roots.forEach((root, size) => {
    expect(rootOf(leaves.slice(0, size)).toString('hex')).toBe(root);
  });
});

test('proves the first of eight leaves by the reference path', () => {
  const path = proveInclusion(0, leaves);
  expect(path.map((hash) => hash.toString('hex'))).toEqual(vectors.pathOfFirstOfEight);
});

describe('the example of RFC 6962', () => {
  const { nodes, inclusion, consistency } = vectors.ofSevenLeaves;
  const rangesOf = (letters: string) =>
    [...letters].map((letter) => {
      const [start, end] = nodes[letter as keyof typeof nodes];
      return { start, end };
    });

  test.each(Object.entries(inclusion))('needs for leaf %s the nodes %s', (index, letters) => {
    expect(listInclusionRanges(Number(index), 7)).toEqual(rangesOf(letters));
  });

  test.each(Object.entries(consistency))('needs after %s leaves the nodes %s', (size, letters) => {
    expect(listConsistencyRanges(Number(size), 7)).toEqual(rangesOf(letters));
  });
});

test('tells a leaf from a node over two hashes', () => {
  const [one, two] = [hashLeaf(Buffer.from('1')), hashLeaf(Buffer.from('2'))];
  expect(hashLeaf(Buffer.concat([one, two]))).not.toEqual(hashChildren(one, two));
});

test('the root is that of the definition: left subtree of the largest power of two below', () => {
  const define = (hashes: readonly Buffer[]): Buffer => {
    if (hashes.length === 0) return createHash('sha256').digest();
    if (hashes.length === 1) return hashes[0] ?? Buffer.alloc(0);
    const left = 2 ** (Math.ceil(Math.log2(hashes.length)) - 1);
    return hashChildren(define(hashes.slice(0, left)), define(hashes.slice(left)));
  };
  for (let size = 0; size <= 70; size += 1) {
    expect(rootOf(leavesOf(size))).toEqual(define(leavesOf(size)));
  }
});

describe('of every tree up to 40 leaves', () => {
  const all = leavesOf(40);

  test('every leaf is proven, and by no other place or tree', () => {
    for (let size = 1; size <= all.length; size += 1) {
      const hashes = all.slice(0, size);
      const root = rootOf(hashes);
      hashes.forEach((leafHash, index) => {
        const proof = { index, size, leafHash, path: proveInclusion(index, hashes), root };
        expect(verifyInclusion(proof)).toBe(true);
        for (let other = 0; other < size; other += 1) {
          if (other !== index) expect(verifyInclusion({ ...proof, index: other })).toBe(false);
        }
        expect(verifyInclusion({ ...proof, leafHash: hashLeaf(Buffer.from('x')) })).toBe(false);
        expect(verifyInclusion({ ...proof, root: rootOf(all.slice(1)) })).toBe(false);
      });
    }
  });

  test('every earlier tree is proven, and no other', () => {
    for (let size = 0; size <= all.length; size += 1) {
      const root = rootOf(all.slice(0, size));
      for (let oldSize = 0; oldSize <= size; oldSize += 1) {
        const oldRoot = rootOf(all.slice(0, oldSize));
        const path = proveConsistency(oldSize, all.slice(0, size));
        const proof = { oldSize, size, oldRoot, root, path };
        expect(verifyConsistency(proof)).toBe(true);
        expect(verifyConsistency({ ...proof, oldRoot: hashLeaf(Buffer.from('x')) })).toBe(false);
        const isFromNothing = oldSize === 0 && size > 0;
        const other = { ...proof, root: hashLeaf(Buffer.from('x')) };
        expect(verifyConsistency(other)).toBe(isFromNothing);
        expect(verifyConsistency({ ...proof, path: [...path, root] })).toBe(false);
        if (path.length > 0) {
          expect(verifyConsistency({ ...proof, path: path.slice(1) })).toBe(false);
          expect(verifyConsistency({ ...proof, path: [...path].reverse() })).toBe(path.length < 2);
        }
      }
    }
  });
});

test('no changed bit of a proof is accepted', () => {
  const sizes = fc.integer({ min: 2, max: 300 });
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.nat(), (size, some, where, bit) => {
      const hashes = leavesOf(size);
      const index = some % size;
      const path = proveInclusion(index, hashes);
      const changed = flipBit(path, where, bit);
      const root = rootOf(hashes);
      const leafHash = hashes[index] ?? root;
      expect(verifyInclusion({ index, size, leafHash, path, root })).toBe(true);
      expect(verifyInclusion({ index, size, leafHash, path: changed, root })).toBe(false);

      const oldSize = 1 + (some % (size - 1));
      const proof = { oldSize, size, oldRoot: rootOf(hashes.slice(0, oldSize)), root };
      const steps = proveConsistency(oldSize, hashes);
      expect(verifyConsistency({ ...proof, path: steps })).toBe(true);
      expect(verifyConsistency({ ...proof, path: flipBit(steps, where, bit) })).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['a leaf behind the tree', { index: 8 }],
  ['a negative leaf', { index: -1 }],
  ['a fraction of a leaf', { index: 0.5 }],
  ['a size that no number says', { size: Number.NaN }],
  ['a leaf hash of 31 bytes', { leafHash: Buffer.alloc(31) }],
  [
    'a path of wider hashes',
    { path: proveInclusion(0, leaves).map((hash) => Buffer.concat([hash, hash])) },
  ],
  ['no path', { path: [] }],
])('refuses %s', (_, change) => {
  const proof = { index: 0, size: 8, leafHash: leaves[0] ?? Buffer.alloc(0), root: rootOf(leaves) };
  const path = proveInclusion(0, leaves);
  expect(verifyInclusion({ ...proof, path, ...change })).toBe(false);
});

test.each([
  ['a tree that shrank', { oldSize: 9 }],
  ['a negative size', { oldSize: -1 }],
  ['a fraction', { oldSize: 3.5 }],
  ['two roots of one size', { oldSize: 8, path: [] }],
])('refuses %s', (_, change) => {
  const proof = { oldSize: 3, size: 8, oldRoot: rootOf(leaves.slice(0, 3)), root: rootOf(leaves) };
  const path = proveConsistency(3, leaves);
  expect(verifyConsistency({ ...proof, path, ...change })).toBe(false);
});

test('a leaf that is not there cannot be proven', () => {
  expect(() => proveInclusion(8, leaves)).toThrow(RangeError);
  expect(() => proveInclusion(0, [])).toThrow(RangeError);
  expect(() => proveConsistency(9, leaves)).toThrow(RangeError);
});

test('counts leaves beyond 2^32 and up to 2^53', () => {
  const size = 2 ** 52 + 1;
  expect(listInclusionRanges(2 ** 52, size)).toEqual([{ start: 0, end: 2 ** 52 }]);
  expect(listInclusionRanges(2 ** 40, size)).toHaveLength(53);
  expect(listConsistencyRanges(2 ** 52, size)).toEqual([{ start: 2 ** 52, end: size }]);
});

function flipBit(path: readonly Buffer[], where: number, bit: number): Buffer[] {
  const at = where % path.length;
  return path.map((hash, index) => {
    const copy = Buffer.from(hash);
    if (index === at) copy[bit % 32] = (copy[bit % 32] ?? 0) ^ (1 << (bit % 8));
    return copy;
  });
}
