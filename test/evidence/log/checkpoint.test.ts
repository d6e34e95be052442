import { expect, test } from 'vitest';
import { encodeCheckpoint, parseCheckpoint } from '../../../src/evidence/log/checkpoint.ts';
import { parseNote } from '../../../src/evidence/log/note.ts';
import vectors from './vectors/c2sp.json' with { type: 'json' };

const root = Buffer.alloc(32, 9);
const line = root.toString('base64');

test('reads the example of C2SP and writes it back', () => {
  const { text } = parseNote(vectors.cosignedCheckpoint);
  const checkpoint = parseCheckpoint(text);
  expect(checkpoint).toMatchObject({
    origin: 'example.com/behind-the-sofa',
    size: 20_852_163,
    extensions: [],
  });
  expect(encodeCheckpoint(checkpoint)).toBe(text);
});

test('keeps extension lines', () => {
  const checkpoint = { origin: 'log', size: 0, root, extensions: ['one', 'two'] };
  expect(encodeCheckpoint(checkpoint)).toBe(`log\n0\n${line}\none\ntwo\n`);
  expect(parseCheckpoint(encodeCheckpoint(checkpoint))).toEqual(checkpoint);
});

test.each([
  ['', 'line 1: a checkpoint has three lines'],
  ['log\n5\n', 'line 3: a checkpoint has three lines'],
  [`log\n5\n${line}`, 'line 3: the text does not end with a newline'],
  [`\n5\n${line}\n`, 'line 1: a checkpoint has no empty line'],
  [`log\n5\n${line}\n\n`, 'line 4: a checkpoint has no empty line'],
  [`log\n05\n${line}\n`, 'line 2: the size must be a decimal number without leading zeros'],
  [`log\n+5\n${line}\n`, 'line 2: the size'],
  [`log\n-5\n${line}\n`, 'line 2: the size'],
  [`log\n5 \n${line}\n`, 'line 2: the size'],
  [`log\n0x5\n${line}\n`, 'line 2: the size'],
  [`log\n5e3\n${line}\n`, 'line 2: the size'],
  [`log\n٥\n${line}\n`, 'line 2: the size'],
  [`log\n9007199254740992\n${line}\n`, 'line 2: the size must be a decimal number'],
  [`log\n5\n${line.slice(0, -1)}\n`, 'line 3: the root must be 32 bytes'],
  [`log\n5\n${line.replace('=', '')}\n`, 'line 3: the root must be 32 bytes'],
  [`log\n5\n${line.replace('k=', 'l=')}\n`, 'line 3: the root must be 32 bytes'],
  [`log\n5\n${Buffer.alloc(33).toString('base64')}\n`, 'line 3: the root must be 32 bytes'],
])('refuses %j: %s', (text, message) => {
  expect(() => parseCheckpoint(text)).toThrow(`checkpoint, ${message}`);
});

test('takes the largest size that a number says', () => {
  expect(parseCheckpoint(`log\n9007199254740991\n${line}\n`).size).toBe(Number.MAX_SAFE_INTEGER);
});

test.each([
  { origin: '' },
  { origin: 'two\nlines' },
  { size: -1 },
  { size: 1.5 },
  { size: 2 ** 53 },
  { root: Buffer.alloc(31) },
  { extensions: [''] },
  { extensions: ['two\nlines'] },
])('does not write %j', (change) => {
  const checkpoint = { origin: 'log', size: 5, root, extensions: [], ...change };
  expect(() => encodeCheckpoint(checkpoint)).toThrow(/^checkpoint/);
});
