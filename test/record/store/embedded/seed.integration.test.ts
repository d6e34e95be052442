import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEmbedded } from '../../../../src/record/store/embedded/open-embedded.ts';
import { untar } from '../../../../src/record/store/embedded/untar.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ks-seed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Entry {
  readonly path: string;
  readonly body?: string;
  readonly type?: string;
  readonly size?: string;
}

function tar(...entries: Entry[]): Buffer {
  const blocks = entries.map(({ path, body = '', type = '0', size }) => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    header.write(size ?? body.length.toString(8).padStart(11, '0'), 124);
    header.write(type, 156);
    const padded = Buffer.alloc(Math.ceil(body.length / 512) * 512);
    padded.write(body);
    return Buffer.concat([header, padded]);
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

describe('opening the embedded database', () => {
  test('does not open a folder that was only half unpacked, and removes it', async () => {
    await mkdir(join(folder, 'unpacking-abc123', 'base'), { recursive: true });
    await writeFile(join(folder, 'unpacking-abc123', 'PG_VERSION'), '17');
    const pglite = await openEmbedded(folder);
    expect((await pglite.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pglite.close();
    expect(await readdir(folder)).toEqual(['db']);
  });

  test('finds what was written before', async () => {
    const first = await openEmbedded(folder);
    await first.exec('create table public.t (n integer); insert into public.t values (7)');
    await first.close();
    const second = await openEmbedded(folder);
    expect((await second.query('select n from public.t')).rows).toEqual([{ n: 7 }]);
    await second.close();
  });
});

describe('unpacking the seed', () => {
  test('makes files and folders', async () => {
    const archive = tar({ path: 'base/', type: '5' }, { path: '/base/1', body: 'x'.repeat(600) });
    untar(archive, folder);
    expect(await readdir(join(folder, 'base'))).toEqual(['1']);
  });

  test.each<[string, Entry]>([
    ['that leaves its folder', { path: '../outside' }],
    ['that leaves its folder on a detour', { path: 'a/../../outside' }],
    ['that is a link', { path: 'link', type: '2' }],
    ['that is a hard link', { path: 'link', type: '1' }],
    ['that has a long name', { path: '././@LongLink', type: 'L' }],
    ['whose size is no number', { path: 'file', size: 'many' }],
    ['whose size is binary', { path: 'file', size: '\u0001\u0002' }],
  ])('refuses an entry %s', (_, entry) => {
    expect(() => untar(tar(entry), folder)).toThrow('seed archive');
  });

  test('refuses an archive that is cut off', () => {
    const whole = tar({ path: 'file', body: 'x'.repeat(2_000) });
    expect(() => untar(whole.subarray(0, 1_024), folder)).toThrow('cut off');
    expect(() => untar(whole.subarray(0, 2_560), folder)).toThrow('cut off');
  });
});
