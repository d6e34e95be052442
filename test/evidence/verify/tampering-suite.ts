import { expect, test } from 'vitest';
import { encodeBundle, parseBundle } from '../../../src/evidence/log/entry-bundles.ts';
import { hashLeaf } from '../../../src/evidence/log/merkle.ts';
import {
  bundlePath,
  fullWidth,
  listBundles,
  makeTiles,
  tilePath,
} from '../../../src/evidence/log/tiles.ts';
import { Installation, keyOf, origin } from './installation.ts';
import type { Files } from './make-pack.ts';
import {
  afterNight,
  nightAt,
  nights,
  packOf,
  start,
  trust,
  type Verify,
  wrongBy,
} from './scenes.ts';

/** The leaf of the last sweep. Four leaves begin the log. */
const lastLeaf = (count: number) => count + 3;

function readLeaves(files: Files, size: number): Buffer[] {
  return [...listBundles(size)].flatMap((bundle) => {
    const path = bundlePath(bundle);
    return parseBundle(files.get(path)!, bundle.width, path);
  });
}

/** Replaces the leaves, with tiles that fit them and a `pack.json` that says their number. */
function writeLeaves(files: Files, leaves: readonly Buffer[]): void {
  for (const path of [...files.keys()]) if (path.startsWith('tile/')) files.delete(path);
  for (const { tile, hashes } of makeTiles(leaves.map(hashLeaf))) files.set(tilePath(tile), hashes);
  for (const bundle of listBundles(leaves.length)) {
    const first = bundle.index * fullWidth;
    const entries = leaves.slice(first, first + bundle.width);
    files.set(bundlePath(bundle), encodeBundle(entries));
  }
  setSize(files, leaves.length);
}

function setSize(files: Files, size: number): void {
  const info = files
    .get('pack.json')!
    .toString()
    .replace(/"size":[0-9]+/, `"size":${size}`);
  files.set('pack.json', Buffer.from(info));
}

function changeLeaf(leaf: Buffer, from: string, to: string): Buffer {
  const text = leaf.toString();
  if (!text.includes(from)) throw new Error(`the leaf has no ${from}`);
  return Buffer.from(text.replace(from, to));
}

/** Every class of change to a pack of these nights is named, by whatever verifies. */
export function findsEveryChange(count: number, verify: Verify): void {
  const wrongOf = wrongBy(verify);
  const home = nights(count);
  const size = home.leaves.length;
  const pack = () => packOf(home, count);
  const last = lastLeaf(count);

  /** What is wrong once the leaves are rewritten, in the tiles too. */
  const rewritten = async (change: (leaves: Buffer[]) => Buffer[]) => {
    const files = pack();
    writeLeaves(files, change(readLeaves(files, size)));
    return wrongOf(files);
  };

  test('names a leaf that was edited', async () => {
    const files = pack();
    const leaves = readLeaves(files, size);
    leaves[last] = changeLeaf(leaves[last]!, '"fail":1', '"fail":0');
    for (const bundle of listBundles(size)) {
      const first = bundle.index * fullWidth;
      files.set(bundlePath(bundle), encodeBundle(leaves.slice(first, first + bundle.width)));
    }
    expect(await wrongOf(files)).toContain(`1 leaf-differs at leaf ${last}`);
  });

  test('names the place of a leaf that was edited in the tiles too', async () => {
    const { problems } = await verify(
      await (async () => {
        const files = pack();
        const leaves = readLeaves(files, size);
        leaves[last] = changeLeaf(leaves[last]!, '"fail":1', '"fail":0');
        writeLeaves(files, leaves);
        return files;
      })(),
    );
    expect(problems).toContainEqual(
      expect.objectContaining({
        ...{ exit: 1, code: 'root-differs', place: 'checkpoint' },
        message: expect.stringContaining(
          count === 1 ? 'some of the leaves 0 to 4' : `leaf ${last} is not`,
        ),
      }),
    );
  });

  test('names a leaf that was removed', async () => {
    expect(await rewritten((leaves) => leaves.filter((_, n) => n !== 3))).toContain(
      '1 root-differs at checkpoint',
    );
  });

  test('names a leaf that was doubled', async () => {
    const wrong = await rewritten((leaves) => [...leaves, leaves[last]!]);
    expect(wrong).toContain('1 root-differs at checkpoint');
    expect(wrong).toContain(`1 doubled-sweep at leaf ${last + 1}`);
  });

  test('names leaves that were swapped', async () => {
    const wrong = await rewritten((leaves) => {
      [leaves[2], leaves[last]] = [leaves[last]!, leaves[2]!];
      return leaves;
    });
    expect(wrong).toContainEqual(expect.stringMatching(/^1 root-differs at checkpoint/));
    expect(wrong).toContain('1 time-goes-back at leaf 3');
  });

  test('names a leaf that was inserted', async () => {
    const wrong = await rewritten((leaves) => [leaves[0]!, leaves[1]!, ...leaves.slice(1)]);
    expect(wrong).toContainEqual(expect.stringMatching(/^1 root-differs at checkpoint/));
  });

  test('finds a tail that was cut below its checkpoint', async () => {
    expect(await rewritten((leaves) => leaves.slice(0, -1))).toContain(
      '1 root-differs at checkpoint',
    );
  });

  test('finds a tail that was cut with its checkpoint by one that was kept', async () => {
    const short = new Installation().begin(start);
    for (let index = 0; index < count - 1; index += 1) {
      short.sweep({ dueAt: nightAt(index) });
      short.sign(afterNight(index, 610_000));
    }
    if (count === 1) short.sign(start);
    const root = Buffer.from(home.checkpoints.get(size)!.split('\n')[2]!, 'base64');
    const kept = [{ file: 'mail.txt', origin, size, root }];
    const files = packOf(short, count);
    expect(await wrongOf(files, { kept })).toContain('1 tail-cut at mail.txt');
    // Without it, nothing shows but that the pack ends early.
    const { verdict } = await verify(files);
    expect(verdict).toBe('incomplete');
    // And the whole pack fits it.
    expect(await wrongOf(pack(), { kept })).toEqual([]);
  });

  test('finds another history that the same key signed', async () => {
    const other = new Installation().begin(start);
    for (let index = 0; index < count; index += 1) {
      other.sweep({ dueAt: nightAt(index), keys: [{ keyId: 'k1', verdict: 1 }] });
      other.sign(afterNight(index, 610_000));
    }
    const kept = [...home.checkpoints].map(([at, note]) => ({
      ...{ file: `mail-${at}`, origin, size: at },
      root: Buffer.from(note.split('\n')[2]!, 'base64'),
    }));
    const wrong = await wrongOf(packOf(other, count), { kept });
    expect(wrong).toEqual(kept.map(({ file }) => `1 fork at ${file}`));

    const files = pack();
    const [first] = other.checkpoints;
    if (count > 1) {
      files.set(`checkpoints/${first![0]}`, Buffer.from(first![1]));
      expect(await wrongOf(files)).toEqual([`1 fork at checkpoints/${first![0]}`]);
    }
  });

  test('trusts no key but the one that was given', async () => {
    const logKeys = [keyOf(origin, 1, 'another').verifier];
    expect(await wrongOf(pack(), { trust: { ...trust, logKeys } })).toContain(
      '1 untrusted-signature at checkpoint',
    );
  });

  test("finds another installation's pack", async () => {
    const uuid = 'aaaaaaaa-7f43-4e9b-9d3d-3a1f0c9be111';
    const other = nights(count, { uuid, key: keyOf(origin, 1, 'another') });
    expect(await wrongOf(packOf(other, count))).toContain('1 untrusted-signature at checkpoint');
    const named = nights(count, { uuid, origin: 'keysweep/other' });
    expect(await wrongOf(packOf(named, count))).toContain('1 untrusted-signature at checkpoint');
    const files = pack();
    const info = files.get('pack.json')!.toString().replace(home.uuid, uuid);
    files.set('pack.json', Buffer.from(info));
    expect(await wrongOf(files)).toEqual(['1 other-log at leaf 0']);
  });

  test('names an object that was replaced, is absent, or is there without need', async () => {
    const paths = [...pack().keys()].filter((path) => path.startsWith('objects/'));
    const evidence = `objects/${home.subjectOf(last, 'evidence')}`;
    for (const path of [...paths.slice(0, 3), evidence]) {
      const replaced = pack();
      replaced.set(path, Buffer.from(`${replaced.get(path)} `));
      expect(await wrongOf(replaced)).toContain(`1 object-differs at ${path}`);
      const absent = pack();
      absent.delete(path);
      expect(await wrongOf(absent)).toContain(`1 object-missing at ${path}`);
    }
    const more = pack();
    const name = `objects/${'0'.repeat(64)}`;
    more.set(name, Buffer.from('{}'));
    expect(await wrongOf(more)).toEqual([`1 unknown-file at ${name}`]);
  });

  test('names a list or a content that was replaced or is absent', async () => {
    const paths = [...pack().keys()].filter((path) => /^(lists|contents)/.test(path));
    expect(paths.length).toBe(3);
    for (const path of paths) {
      const replaced = pack();
      replaced.set(path, Buffer.from(replaced.get(path)!.toString().replace('k', 'K')));
      expect((await verify(replaced)).verdict).toBe('tampered');
      const absent = pack();
      absent.delete(path);
      expect((await verify(absent)).verdict).toBe('tampered');
    }
  });

  test.each([
    'note.txt',
    'summary.txt',
    'objects/x',
    'lists',
    'proofs/4.json',
    'tile/0/001',
    'checkpoints/07',
  ])('refuses the unknown file %s', async (path) => {
    const files = pack();
    files.set(path, Buffer.from('x'));
    expect(await wrongOf(files)).toContain(`1 unknown-file at ${path}`);
  });

  test.each(['summary.html', 'summary.csv', 'VERIFY.md', 'verify.mjs'])(
    'makes %s again, and compares each byte',
    async (path) => {
      const files = pack();
      files.set(path, Buffer.concat([files.get(path)!, Buffer.from(' ')]));
      expect(await wrongOf(files)).toEqual([`1 file-differs at ${path}`]);
      files.delete(path);
      expect(await wrongOf(files)).toEqual([`1 missing-file at ${path}`]);
    },
  );

  test('finds a period that was moved by a millisecond', async () => {
    const files = pack();
    const info = files.get('pack.json')!.toString();
    files.set('pack.json', Buffer.from(info.replace('T00:00:00.000Z', 'T00:00:00.001Z')));
    const texts = ['VERIFY.md', 'summary.csv', 'summary.html'];
    expect(await wrongOf(files)).toEqual(texts.map((path) => `1 file-differs at ${path}`));
  });

  test('finds every file that is absent', { timeout: 60_000 }, async () => {
    const whole = pack();
    const paths = [...whole.keys()].filter((path) => !path.startsWith('checkpoints/'));
    const some = paths.filter((_, at) => at % Math.ceil(paths.length / 25) === 0);
    for (const path of some.filter((one) => one !== 'pack.json')) {
      const files = new Map(whole);
      files.delete(path);
      expect((await verify(files)).verdict, path).toBe('tampered');
    }
  });

  test('names differences that the export found', async () => {
    const files = pack();
    files.set('differences.json', Buffer.from('[]'));
    expect(await wrongOf(files)).toEqual(['1 differences-found at differences.json']);
    const lines = Array.from({ length: 102 }, (_, n) => `leaf ${n}: the leaf is gone`);
    files.set('differences.json', Buffer.from(JSON.stringify(lines)));
    const { problems } = await verify(files);
    const said = problems.map(({ message }) => message.split(': ').slice(1).join(': '));
    expect(said).toEqual([...lines.slice(0, 100), 'and 2 more, in the file']);
  });
}
