import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openText } from '../../src/documents/open-text.ts';

const megabyte = 1024 * 1024;

async function openFile(content: string | Buffer, maxBytes = 4 * megabyte) {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-text-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'text');
  writeFileSync(file, content);
  const opened = await openText(file, maxBytes);
  if (opened !== 'other' && opened.ok) onTestFinished(() => opened.text.close());
  return { file, opened };
}

async function textIn(content: string | Buffer) {
  const { file, opened } = await openFile(content);
  if (opened === 'other' || !opened.ok) throw new Error(`not opened: ${JSON.stringify(opened)}`);
  return { file, text: opened.text };
}

test('the parts of a text are those of its file, without the byte order mark', async () => {
  const { text } = await textIn('\uFEFFäb\ncd');
  expect(text.length).toBe(6);
  expect(text.slice(0, 3).toString()).toBe('äb');
  expect(text.slice(4, 99).toString()).toBe('cd');
  expect(text.slice(9, 12).toString()).toBe('');
});

test.each([1, 2, 3, 4])(
  'characters across parts of the file are whole: %i bytes before them',
  async (before) => {
    const content = `\n${'a'.repeat(before)}${'😀é€'.repeat(300_000)}`;
    const { text } = await textIn(content);
    expect(text.slice(0, text.length).equals(Buffer.from(content))).toBe(true);
  },
);

const good = Buffer.from(`${'é\n'.repeat(megabyte)}`);
const notUtf8 = { ok: false, fault: 'text', why: 'it is not text in UTF-8' };
test.each([
  ['bytes of no character', Buffer.concat([good, Buffer.from([0xe9, 0x0a, 0x0a])]), notUtf8],
  ['half a character at the end', Buffer.concat([good, Buffer.from([0xe2, 0x82])]), notUtf8],
  [
    'a NUL',
    Buffer.concat([good, Buffer.from([0])]),
    { ok: false, fault: 'text', why: 'it holds a NUL character' },
  ],
  [
    'too many bytes',
    Buffer.concat([good, good]),
    { ok: false, fault: 'size', why: 'it is larger than 4 MB' },
  ],
  ['no line feed', Buffer.from('a,b\rc,d\r'), 'other'],
  ['UTF-16', Buffer.from('\uFEFFa\n', 'utf16le'), 'other'],
  ['nothing', Buffer.alloc(0), 'other'],
])('a file with %s is not opened as text', async (_, content, expected) => {
  expect((await openFile(content)).opened).toEqual(expected);
});

test('a file that is not there is not opened', async () => {
  const opened = await openText('/nowhere/at/all', megabyte);
  expect(opened).toEqual({ ok: false, fault: 'absent', why: 'there is no such file' });
});

test('a change is noticed, even if the time of the last change is set back', async () => {
  const { file, text } = await textIn('a\nb\n');
  expect(text.hasChanged()).toBe(false);
  utimesSync(file, new Date(0), new Date(0));
  expect(text.hasChanged()).toBe(true);
  const other = await textIn('a\nb\n');
  appendFileSync(other.file, 'c\n');
  expect(other.text.hasChanged()).toBe(true);
  expect(other.text.slice(0, 99).toString()).toBe('a\nb\n');
});
