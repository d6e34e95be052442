import { expect, test } from 'vitest';
import { encodeSignature, signNote } from '../../../src/evidence/log/note.ts';
import {
  encodeWitnessRequest,
  parseWitnessAnswer,
  parseWitnessRequest,
} from '../../../src/evidence/log/witness-request.ts';
import { requestBody, signedCheckpoint, witnessKey } from './a-log.ts';

const body = requestBody(3, 7);
const read = (text: string) => parseWitnessRequest(Buffer.from(text));

test('is written line by line as tlog-witness says', () => {
  const lines = body.split('\n');
  expect(lines[0]).toBe('old 3');
  expect(lines.slice(1, 5).every((line) => line.length === 44)).toBe(true);
  expect(lines[5]).toBe('');
  expect(lines.slice(6).join('\n')).toBe(signedCheckpoint(7));
});

test('reads back what it wrote, with what the checkpoint says', () => {
  const { oldSize, path, checkpoint, says } = read(body);
  expect(encodeWitnessRequest({ oldSize, path, checkpoint })).toBe(body);
  expect(says).toMatchObject({ origin: 'keysweep/acme', size: 7 });
});

test('needs no hash after the empty tree', () => {
  expect(read(requestBody(0, 7))).toMatchObject({ oldSize: 0, path: [] });
});

const hash = Buffer.alloc(32).toString('base64');
test.each([
  ['', 'request: has no empty line'],
  ['old 3\n', 'request: has no empty line'],
  [body.replace('old 3', 'old 03'), 'request, line 1: must be “old”'],
  [body.replace('old 3', 'old  3'), 'request, line 1: must be “old”'],
  [body.replace('old 3', 'old -1'), 'request, line 1: must be “old”'],
  [body.replace('old 3', 'new 3'), 'request, line 1: must be “old”'],
  [body.replace('old 3\n', ''), 'request, line 1: must be “old”'],
  [body.replace('old 3\n', 'old 3\nAAAA\n'), 'request, line 2: must be 32 bytes'],
  [body.replace('old 3\n', `old 3\n${hash.replace('=', '')}\n`), 'request, line 2: must be 32'],
  [body.replace('old 3\n', 'old 3\r\n'), 'request, line 1: must be “old”'],
  [body.replace('old 3\n', `old 3\n${`${hash}\n`.repeat(60)}`), 'request: has more than 63 hashes'],
  [body.slice(0, -1), 'checkpoint: does not end with a newline'],
  [body.replace('\n7\n', '\n07\n'), 'checkpoint, line 2: the size'],
])('refuses %j: %s', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test('takes 63 hashes', () => {
  const lines = `${hash}\n`.repeat(63);
  expect(read(requestBody(0, 7).replace('old 0\n', `old 0\n${lines}`)).path).toHaveLength(63);
});

test('an answer is one signature line or more', () => {
  const line = encodeSignature(signNote('text\n', witnessKey, 9));
  expect(parseWitnessAnswer(Buffer.from(line + line))).toMatchObject([
    { name: 'witness.example' },
    { name: 'witness.example' },
  ]);
  for (const bad of ['', '\n', line.slice(0, -1), `${line}\n`, `x\n`, line.repeat(17)]) {
    expect(() => parseWitnessAnswer(Buffer.from(bad))).toThrow(/^answer of the witness/);
  }
  expect(() => parseWitnessAnswer(Buffer.of(0xff, 10))).toThrow(/^answer of the witness/);
});
