import { expect, test } from 'vitest';
import { encodeCheckpoint, parseCheckpoint } from '../../../src/evidence/log/checkpoint.ts';
import { encodeLogProof, parseLogProof } from '../../../src/evidence/log/log-proof.ts';
import { proveInclusion, rootOf, verifyInclusion } from '../../../src/evidence/log/merkle.ts';
import { encodeNote, parseNote, signNote, verifyNote } from '../../../src/evidence/log/note.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { leavesOf } from './some-leaves.ts';

const leaves = leavesOf(11);
const key = signingKeyOf('log.example', 1, Buffer.alloc(32, 1));
const text = encodeCheckpoint({
  ...{ origin: 'log.example', size: 11, root: rootOf(leaves), extensions: [] },
});
const checkpoint = encodeNote({ text, signatures: [signNote(text, key)] });
const path = proveInclusion(6, leaves);
const proof = { extra: null, index: 6, path, checkpoint };
const written = encodeLogProof(proof);

test('is written line by line as tlog-proof says', () => {
  const hashes = path.map((hash) => `${hash.toString('base64')}\n`).join('');
  expect(written).toBe(`c2sp.org/tlog-proof@v1\nindex 6\n${hashes}\n${checkpoint}`);
  expect(encodeLogProof({ ...proof, extra: Buffer.from('more') })).toBe(
    written.replace('index', 'extra bW9yZQ==\nindex'),
  );
});

test('reads back, and proves the leaf', () => {
  expect(parseLogProof(written)).toEqual(proof);
  const withExtra = { ...proof, extra: Buffer.from('more') };
  expect(parseLogProof(Buffer.from(encodeLogProof(withExtra)))).toEqual(withExtra);

  const note = parseNote(parseLogProof(written).checkpoint);
  expect(verifyNote(note, [key.verifier])).toHaveLength(1);
  const { size, root } = parseCheckpoint(note.text);
  const leafHash = leaves[6] ?? root;
  expect(verifyInclusion({ index: 6, size, root, leafHash, path })).toBe(true);
});

test('the only leaf of a log needs no hash', () => {
  const alone = encodeLogProof({ ...proof, index: 0, path: [] });
  expect(parseLogProof(alone)).toEqual({ ...proof, index: 0, path: [] });
});

test('takes an unsigned checkpoint only where it may be', () => {
  const unsigned = { ...proof, checkpoint: `${text}\n` };
  expect(() => encodeLogProof(unsigned)).toThrow('checkpoint of the proof: has no signature');
  const options = { mayBeUnsigned: true };
  expect(parseLogProof(encodeLogProof(unsigned, options), options)).toEqual(unsigned);
});

const firstHash = path[0]?.toString('base64') ?? '';
test.each([
  ['proof: has no blank line', ''],
  ['proof, line 1: must be c2sp.org/tlog-proof@v1', written.replace('@v1', '@v2')],
  ['proof, line 1: must be c2sp.org', `\n${written}`],
  ['proof, line 2: must be “index”', written.replace('index 6\n', '')],
  ['proof, line 2: must be “index”', written.replace('index 6', 'index 06')],
  ['proof, line 2: must be “index”', written.replace('index 6', 'index  6')],
  ['proof, line 2: must be “extra”', written.replace('index', 'extra \nindex')],
  ['proof, line 2: must be “extra”', written.replace('index', 'extra\nindex')],
  ['proof, line 2: must be “extra”', written.replace('index', 'extra a\nindex')],
  [
    'proof, line 3: must be “index”',
    written.replace('index', 'extra bW9yZQ==\nextra bW9yZQ==\nindex'),
  ],
  ['proof, line 3: must be 32 bytes', written.replace(firstHash, firstHash.slice(4))],
  ['proof, line 3: must be 32 bytes', written.replace(firstHash, `${firstHash} `)],
  ['proof, line 2: must be “index”', written.replace('6\n', '6\r\n')],
  ['checkpoint of the proof: does not end', written.slice(0, -1)],
  ['checkpoint of the proof, line 2: the size', written.replace('\n11\n', '\n011\n')],
  ['proof: has over 63 hashes', written.replace(`${firstHash}\n`, `${firstHash}\n`.repeat(61))],
])('refuses with “%s”: %j', (message, bad) => {
  expect(() => parseLogProof(bad)).toThrow(message);
});

test('refuses bytes that are no UTF-8', () => {
  expect(() => parseLogProof(Buffer.of(0xff))).toThrow('proof: is not valid UTF-8');
});
