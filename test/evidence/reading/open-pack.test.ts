import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tarBlock, tarEnd, tarHeader, tarPadding } from '../../../src/evidence/pack-files/tar.ts';
import { mostFileBytes } from '../../../src/evidence/reading/limits.ts';
import { openPack } from '../../../src/evidence/reading/open-pack.ts';
import { verifyPack } from '../../../src/evidence/verify/verify-pack.ts';
import { maker } from '../verify/make-pack.ts';
import { nights, packOf, trust } from '../verify/scenes.ts';
import { compress, scratch, tarOf, writeArchive, writeFolder } from './write-pack.ts';

const files = packOf(nights(2), 2);

async function verifyAt(path: string) {
  const pack = await openPack(path);
  try {
    return await verifyPack({
      ...{ reader: pack, trust, maker, kept: [], from: undefined, to: undefined },
    });
  } finally {
    await pack.close();
  }
}

async function wrongAt(path: string): Promise<readonly string[]> {
  const { problems } = await verifyAt(path);
  return problems.map(({ code, place }) => `${code} at ${place}`);
}

const leftovers = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('keysweep-pack-')).length;

test('holds as a folder and as an archive, which leaves nothing behind', async () => {
  const before = leftovers();
  expect(await wrongAt(writeFolder(files))).toEqual([]);
  expect(await wrongAt(writeArchive(await compress(await tarOf(files))))).toEqual([]);
  expect(leftovers()).toBe(before);
});

test('takes a link in a folder for no file, and does not follow it', async () => {
  const folder = writeFolder(files);
  const secret = join(scratch(), 'secret');
  writeFileSync(secret, 'x');
  symlinkSync(secret, join(folder, 'note'));
  symlinkSync(folder, join(folder, 'again'));
  expect(await wrongAt(folder)).toEqual(expect.arrayContaining(['link at again', 'link at note']));
});

test('takes a pipe in a folder for no file, and waits for nobody', async () => {
  const folder = writeFolder(files);
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]);
  expect(await wrongAt(folder)).toEqual(['link at pipe']);
  rmSync(join(folder, 'pack.json'));
  symlinkSync(join(folder, 'checkpoint'), join(folder, 'pack.json'));
  expect(await wrongAt(folder)).toEqual(expect.arrayContaining(['link at pack.json']));
});

test.each([
  [mostFileBytes, 'unknown-file'],
  [mostFileBytes + 1, 'oversized'],
])('a file of %i bytes in a folder is %s', async (size, code) => {
  const folder = writeFolder(files);
  writeFileSync(join(folder, 'zz'), '');
  truncateSync(join(folder, 'zz'), size);
  expect(await wrongAt(folder)).toContain(`${code} at zz`);
});

describe('an archive', () => {
  /** A file after the end of all others, with a header that is changed before its sum is made. */
  const withEntry = async (
    path: string,
    change: (header: Buffer) => void,
    body = Buffer.alloc(0),
  ) => {
    const whole = await tarOf(files);
    const header = tarHeader('zz', body.length);
    header.fill(0, 0, 2);
    header.write(path, 0);
    change(header);
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const entry = Buffer.concat([header, body, tarPadding(body.length)]);
    const bytes = Buffer.concat([whole.subarray(0, -tarEnd.length), entry, tarEnd]);
    return writeArchive(await compress(bytes));
  };
  const nothing = () => undefined;

  test.each(['../zz', '/etc/zz', 'a/../../zz', './zz', 'zz\\x', 'zz//a'])(
    'may not hold a file at %s',
    async (path) => {
      expect(await wrongAt(await withEntry(path, nothing))).toEqual([`unsafe-path at ${path}`]);
    },
  );

  test('may not hold a link', async () => {
    const link = await withEntry('zz', (header) => {
      header.write('2', 156);
      header.write('/etc/passwd', 157);
    });
    expect(await wrongAt(link)).toEqual(['link at zz']);
  });

  test.each([
    ['a hard link', '1'],
    ['a device', '3'],
    ['a pipe', '6'],
  ])('may not hold %s', async (_what, type) => {
    const link = await withEntry('zz', (header) => header.write(type, 156));
    expect(await wrongAt(link)).toEqual(['link at zz']);
  });

  test('may not hold a long name in the way of GNU, and is refused with one of pax', async () => {
    const name = '././@LongLink';
    const gnu = await withEntry(name, (header) => header.write('L', 156), Buffer.alloc(300, 'a'));
    expect(await wrongAt(gnu)).toEqual([`unsafe-path at ${name}`]);
    const pax = await withEntry(
      'zz',
      (header) => header.write('x', 156),
      Buffer.from('9 path=a\n'),
    );
    await expect(verifyAt(pax)).rejects.toThrow('unpack it, and verify');
  });

  test('is read no further after a thousand faults', async () => {
    const header = tarHeader('../a', 0);
    const many = Buffer.concat(Array.from({ length: 3_000 }, () => header));
    const path = writeArchive(await compress(Buffer.concat([many, tarEnd])));
    const before = leftovers();
    const pack = await openPack(path);
    expect(pack.faults.length).toBe(1_000);
    await pack.close();
    expect(new Set(await wrongAt(path))).toEqual(new Set(['unsafe-path at ../a']));
    expect(leftovers()).toBe(before);
  });

  test('may not hold a file twice', async () => {
    expect(await wrongAt(await withEntry('pack.json', nothing))).toEqual([
      'doubled-file at pack.json',
    ]);
  });

  test('may not hold an unknown file', async () => {
    expect(await wrongAt(await withEntry('zz', nothing))).toEqual(['unknown-file at zz']);
  });

  test.each([
    ['a time', (header: Buffer) => header.write('00000000001', 136)],
    ['an owner', (header: Buffer) => header.write('0000001', 108)],
    ['another mode', (header: Buffer) => header.write('0000755', 100)],
    ['a folder', (header: Buffer) => header.write('5', 156)],
  ])('is refused with %s', async (_what, change) => {
    await expect(verifyAt(await withEntry('zz', change))).rejects.toThrow('unpack it, and verify');
  });

  test('is refused if its files are in another order', async () => {
    const tar = await tarOf(files);
    const small = [tarHeader('zz', 0), tar];
    const bytes = await compress(Buffer.concat(small));
    await expect(verifyAt(writeArchive(bytes))).rejects.toThrow('unpack it, and verify');
  });

  test('is not unpacked further than evidence can grow', async () => {
    const bomb = await compress(Buffer.alloc(80 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const path = writeArchive(bomb);
    const before = leftovers();
    expect(await wrongAt(path)).toEqual([`oversized at ${path}`]);
    expect(leftovers()).toBe(before);
  });

  test('is not unpacked further than evidence can grow, however much follows', {
    timeout: 60_000,
  }, async () => {
    const zeros = Buffer.alloc(40 * 1024 * 1024);
    const noise = randomBytes(100_000);
    const entry = (path: string, bytes: Buffer) => {
      return [tarHeader(path, bytes.length), bytes, tarPadding(bytes.length)];
    };
    const bomb = [...entry('a', noise), ...['b', 'c'].flatMap((path) => entry(path, zeros))];
    // Behind the bomb, so much evidence that the whole grows by a few times only.
    const rest = entry('e', randomBytes(2 * 1024 * 1024));
    const bytes = await compress(Buffer.concat([...bomb, ...rest, tarEnd]));
    const path = writeArchive(bytes);
    expect(await wrongAt(path)).toEqual([`oversized at ${path}`]);
  });

  test('is refused where it is cut off, at any place', async () => {
    const tar = await tarOf(files);
    const gz = await compress(tar);
    for (const cut of [1, 8, 9, 100, gz.length - 20]) {
      await expect(verifyAt(writeArchive(gz.subarray(0, -cut)))).rejects.toThrow(/cut off|damaged/);
    }
    for (const cut of [1, tarBlock, 2 * tarBlock, 10 * tarBlock]) {
      const bytes = await compress(tar.subarray(0, -cut));
      await expect(verifyAt(writeArchive(bytes))).rejects.toThrow('cut off');
    }
  });

  test('is refused with anything behind its end', async () => {
    const tar = await tarOf(files);
    const gz = await compress(tar);
    await expect(
      verifyAt(writeArchive(Buffer.concat([gz, Buffer.from('more')]))),
    ).rejects.toThrow();
    await expect(verifyAt(writeArchive(Buffer.concat([gz, gz])))).rejects.toThrow();
    const longer = await compress(Buffer.concat([tar, Buffer.alloc(tarBlock)]));
    await expect(verifyAt(writeArchive(longer))).rejects.toThrow('its end');
  });

  test('is refused if its head names a system or a time', async () => {
    const gz = await compress(await tarOf(files));
    for (const at of [4, 8, 9]) {
      const other = Buffer.from(gz);
      other[at] = 3;
      await expect(verifyAt(writeArchive(other))).rejects.toThrow('unpack it, and verify');
    }
  });
});

test.each(['x', '', '{}'])('refuses a file that is no archive: %j', async (text) => {
  const path = writeArchive(Buffer.from(text));
  await expect(openPack(path)).rejects.toThrow('neither a folder nor a .tar.gz');
});

test('refuses a folder that is no pack', async () => {
  await expect(verifyAt(scratch())).rejects.toThrow('no pack of evidence');
});
