import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stampFiles } from '../../../src/config/files/stamp-files.ts';

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ks-stamp-'));
  await writeFile(at('keys.csv'), 'one');
  await writeFile(at('more.csv'), 'two');
});
afterEach(() => rm(folder, { recursive: true }));

/** Whether the stamp of both files differs after `change`. */
async function differs(change: () => Promise<unknown>): Promise<boolean> {
  const files = [at('keys.csv'), at('more.csv')];
  const before = await stampFiles(files);
  expect(await stampFiles(files)).toBe(before);
  await change();
  return (await stampFiles(files)) !== before;
}

const old = new Date('2026-01-01T00:00:00Z');

test('notices a file that is written in place', async () => {
  expect(await differs(() => writeFile(at('keys.csv'), 'longer'))).toBe(true);
});

test('notices a file of the same size whose time was set back', async () => {
  await utimes(at('more.csv'), old, old);
  const replace = async () => {
    await writeFile(at('more.csv'), 'TWO');
    await utimes(at('more.csv'), old, old);
  };
  // The clock of the file system moves in steps of some milliseconds.
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await differs(replace)).toBe(true);
});

test('notices a file that is replaced by another', async () => {
  await writeFile(at('new.csv'), 'ONE');
  expect(await differs(() => rename(at('new.csv'), at('keys.csv')))).toBe(true);
});

test('notices a file that is removed, and one that is back', async () => {
  expect(await differs(() => rm(at('keys.csv')))).toBe(true);
  expect(await differs(() => writeFile(at('keys.csv'), 'one'))).toBe(true);
});

test('notices a link to a folder that is moved, as in a ConfigMap of Kubernetes', async () => {
  for (const name of ['1', '2']) {
    await mkdir(at(name));
    await writeFile(at(`${name}/keys.csv`), 'one');
    await utimes(at(`${name}/keys.csv`), old, old);
  }
  await rm(at('keys.csv'));
  await symlink('1', at('..data'));
  await symlink('..data/keys.csv', at('keys.csv'));
  const move = async () => {
    await symlink('2', at('..next'));
    await rename(at('..next'), at('..data'));
  };
  expect(await differs(move)).toBe(true);
});
