import { expect, test } from 'vitest';
import {
  bundlePath,
  listBundles,
  listTiles,
  makeTiles,
  parseTilePath,
  tilePath,
} from '../../../src/evidence/log/tiles.ts';
import { leavesOf } from './some-leaves.ts';
import vectors from './vectors/c2sp.json' with { type: 'json' };

const paths: readonly [number, string][] = [
  [0, '000'],
  [7, '007'],
  [999, '999'],
  [1000, 'x001/000'],
  [1_234_067, 'x001/x234/067'],
  [1_000_000_000, 'x001/x000/x000/000'],
];

test.each(paths)('writes tile %i as %s, and reads it back', (index, path) => {
  const [full, partial] = [
    { level: 3, index, width: 256 },
    { level: 63, index, width: 255 },
  ];
  expect(tilePath(full)).toBe(`tile/3/${path}`);
  expect(tilePath(partial)).toBe(`tile/63/${path}.p/255`);
  expect(bundlePath({ index, width: 1 })).toBe(`tile/entries/${path}.p/1`);
  expect(parseTilePath(tilePath(full))).toEqual(full);
  expect(parseTilePath(tilePath(partial))).toEqual(partial);
  expect(parseTilePath(`tile/entries/${path}`)).toEqual({ level: 'entries', index, width: 256 });
});

test('writes the example of tlog-tiles', () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe(vectors.tileOfIndex1234067);
});

test.each([
  'tile/0/x000/000',
  'tile/0/x000/001',
  'tile/00/000',
  'tile/64/000',
  'tile/-1/000',
  'tile/0/00',
  'tile/0/0000',
  'tile/0/001/000',
  'tile/0/x001',
  'tile/0/x001/x000',
  'tile/0/000.p/0',
  'tile/0/000.p/01',
  'tile/0/000.p/256',
  'tile/0/000.p/',
  'tile/0/000/',
  '/tile/0/000',
  'tile/0/000\n',
  'tile/0/../0/000',
  'tile/data/000',
  'tile/entries/x000/000',
  'tile/0/x999/x999/x999/x999/x999/999',
])('refuses the path %j', (path) => {
  expect(parseTilePath(path)).toBeUndefined();
});

test('a tree of 70,000 has the tiles that tlog-tiles says', () => {
  const tiles = [...listTiles(70_000)];
  const count = (level: number) =>
    tiles.filter((tile) => tile.level === level && tile.width === 256).length;
  const partial = (level: number) =>
    tiles.find((tile) => tile.level === level && tile.width < 256)?.width;
  expect({
    fullLevel0: count(0),
    partialLevel0: partial(0),
    fullLevel1: count(1),
    partialLevel1: partial(1),
    partialLevel2: partial(2),
  }).toEqual(vectors.tilesOfSize70000);
  expect(count(2)).toBe(0);
  expect(tiles).toHaveLength(273 + 1 + 1 + 1 + 1);
});

test.each([
  [0, []],
  [1, ['tile/0/000.p/1']],
  [255, ['tile/0/000.p/255']],
  [256, ['tile/0/000', 'tile/1/000.p/1']],
  [257, ['tile/0/000', 'tile/0/001.p/1', 'tile/1/000.p/1']],
])('a tree of %i has the tiles %j', (size, expected) => {
  expect([...listTiles(size)].map(tilePath)).toEqual(expected);
  const ofLevel0 = expected.filter((path) => path.startsWith('tile/0/'));
  expect([...listBundles(size)].map(bundlePath)).toEqual(
    ofLevel0.map((path) => path.replace('tile/0/', 'tile/entries/')),
  );
});

test.each([0, 1, 255, 256, 257, 600])('makes the tiles of a tree of %i that are listed', (size) => {
  const made = [...makeTiles(leavesOf(size))];
  expect(made.map(({ tile }) => tile)).toEqual([...listTiles(size)]);
  for (const { tile, hashes } of made) expect(hashes).toHaveLength(tile.width * 32);
});
