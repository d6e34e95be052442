import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeFiles } from '../../src/init/write-files.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-write-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const files = ['first', 'second', 'third'].map((name) => ({ name, text: name, about: '' }));

test('a file that appears meanwhile is kept, and those written before it are removed', async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'second'), 'mine');
  expect(await writeFiles(folder, files)).toEqual({ name: 'second', code: 'EEXIST' });
  expect(readdirSync(folder)).toEqual(['second']);
  expect(readFileSync(join(folder, 'second'), 'utf8')).toBe('mine');
});

test('folders that were made for it are removed too, and no others', async () => {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'there'));
  const bad = [...files, { name: 'no/such/folder', text: '', about: '' }];
  const target = join(folder, 'there', 'a', 'b');
  expect(await writeFiles(target, bad)).toEqual({ name: 'no/such/folder', code: 'ENOENT' });
  expect(readdirSync(folder, { recursive: true })).toEqual(['there']);
});

test.runIf(existsSync('/proc/self'))(
  'a parent that takes no folder is said so at once',
  async () => {
    expect(await writeFiles('/proc/keysweep/config', files)).toEqual({ name: '.', code: 'ENOENT' });
  },
);
