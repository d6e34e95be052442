import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openPack } from '../../../src/evidence/reading/open-pack.ts';
import { inputs, run, someKeys, sweep } from '../../record/world.ts';
import { keysweepAfter } from '../read/a-store.ts';
import { run as runCommand } from '../run.ts';

const night = (edit?: string) =>
  keysweepAfter(async (database) => {
    await sweep(database, inputs(someKeys(3)), { key_1: { breaks: ['stale'] } });
    if (edit !== undefined) await run(database, edit);
  });

async function aFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'ks-export-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const time = ['--from', '2026-01-01', '--to', '2099-12-31'];

describe.skipIf(inject('databaseUrl') === undefined)('keysweep evidence export', () => {
  test('writes an archive, the same twice, and a folder with the same files', async () => {
    const keysweep = await night();
    const folder = await aFolder();
    const at = (name: string) => join(folder, name);
    for (const name of ['a.tar.gz', 'b.tar.gz', 'pack']) {
      const { code, stderr } = await keysweep('evidence', 'export', ...time, '--output', at(name));
      expect([code, stderr]).toEqual([0, expect.stringMatching(/wrote .*: \d+ files\n$/)]);
    }
    expect(await readFile(at('a.tar.gz'))).toEqual(await readFile(at('b.tar.gz')));
    const [archive, opened] = [await openPack(at('a.tar.gz')), await openPack(at('pack'))];
    expect(archive.faults).toEqual([]);
    expect(opened.paths).toEqual(archive.paths);
    for (const path of archive.paths) {
      expect((await opened.read(path)).equals(await archive.read(path)), path).toBe(true);
    }
    await archive.close();
    for (const [name, why] of [
      ['pack', 'it is a folder'],
      ['a.tar.gz', 'exists already'],
    ] as const) {
      const again = await keysweep('evidence', 'export', ...time, '--output', at(name));
      expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
    }
    expect((await readdir(folder)).sort()).toEqual(['a.tar.gz', 'b.tar.gz', 'pack']);
  });

  test('says that records differ, and exits 1 after writing', async () => {
    const keysweep = await night('update keysweep.pack set verdicts[2] = 1');
    const output = join(await aFolder(), 'pack');
    const { code, stderr } = await keysweep('evidence', 'export', ...time, '--output', output);
    expect([code, stderr]).toEqual([1, expect.stringContaining('the records differ from the log')]);
    const lines = await readFile(join(output, 'differences.json'), 'utf8');
    expect(lines).toContain('key prod/key_1: the key was changed: verdict, was fail, is now pass');
  });

  test('exports one key alone, and refuses one that it does not know', async () => {
    const keysweep = await night();
    const output = join(await aFolder(), 'pack');
    const only = (key: string) => [
      'evidence',
      'export',
      ...time,
      '--only',
      key,
      '--output',
      output,
    ];
    const refused = await keysweep(...only('key_9'));
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('no key that was ever tracked is called key_9'),
    ]);
    expect(await keysweep(...only('prod/key_1'))).toMatchObject({ code: 0 });
    expect(await readdir(join(output, 'proofs'))).toHaveLength(2);
  });
});

test('wants a file or a folder', async () => {
  const { code, stderr } = await runCommand(['evidence', 'export', ...time, '--output', '-']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('a pack is a file or a folder')]);
});
