import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeNote,
  encodeSignature,
  parseNote,
  signNote,
  verifyNote,
  WrongSignature,
} from '../../../src/evidence/log/note.ts';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { parseVerifierKey } from '../../../src/evidence/log/verifier-key.ts';
import vectors from './vectors/c2sp.json' with { type: 'json' };

const sampleKey = parseVerifierKey(vectors.verifierKey);
const log = signingKeyOf('log.example', 1, Buffer.alloc(32, 1));
const other = signingKeyOf('log.example', 1, Buffer.alloc(32, 2));
const witness = signingKeyOf('witness.example', 4, Buffer.alloc(32, 3));
const text = 'first\n\nlast\n';
const signed = encodeNote({ text, signatures: [signNote(text, log)] });

describe('the examples of C2SP', () => {
  test('the note is signed by the key', () => {
    const note = parseNote(vectors.note);
    expect(note.text).toBe('This is an example message.\n');
    expect(verifyNote(note, [sampleKey])).toEqual([{ key: sampleKey, atSeconds: null }]);
  });

  test('a text may hold empty lines', () => {
    const note = parseNote(Buffer.from(vectors.noteWithEmptyLine));
    expect(note.text).toMatch(/sole:\n\ned è subito sera\.\n$/);
    expect(note.signatures).toMatchObject([
      { name: 'quasimodo.example/salvatore', id: '367ba04b' },
    ]);
  });

  test.each(['note', 'noteWithEmptyLine', 'cosignedCheckpoint'] as const)(
    '%s is written as it was read',
    (name) => {
      expect(encodeNote(parseNote(vectors[name]))).toBe(vectors[name]);
    },
  );
});

test('what one key signs, that key verifies, and no other key of that name', () => {
  const note = parseNote(signed);
  expect(note.text).toBe(text);
  expect(verifyNote(note, [log.verifier])).toEqual([{ key: log.verifier, atSeconds: null }]);
  expect(verifyNote(note, [other.verifier])).toEqual([]);
  expect(verifyNote(note, [])).toEqual([]);
});

test('a signature of an unknown key is ignored, also beside a known one', () => {
  const both = parseNote(`${signed}${encodeSignature(signNote('else\n', other))}`);
  expect(verifyNote(both, [log.verifier])).toHaveLength(1);
  expect(() => verifyNote(both, [log.verifier, other.verifier])).toThrow(WrongSignature);
});

test('a known key with a wrong signature beside a right one refuses the note', () => {
  const wrong = encodeSignature(signNote('else\n', log));
  for (const note of [`${signed}${wrong}`, signed.replace('\n\n—', `\n\n${wrong}—`)]) {
    expect(() => verifyNote(parseNote(note), [log.verifier])).toThrow(
      `the signature of the key log.example+${log.verifier.id} does not fit`,
    );
  }
});

describe('a cosignature', () => {
  test('says when', () => {
    const cosigned = encodeNote({ text, signatures: [signNote(text, witness, 1_679_315_147)] });
    const found = verifyNote(parseNote(cosigned), [log.verifier, witness.verifier]);
    expect(found).toEqual([{ key: witness.verifier, atSeconds: 1_679_315_147 }]);
  });

  test('is over the message that C2SP gives', () => {
    const { text: checkpoint } = parseNote(vectors.cosignedCheckpoint);
    const { bytes } = signNote(checkpoint, witness, 1_679_315_147);
    expect(bytes.readBigUInt64BE()).toBe(1_679_315_147n);
    const message = Buffer.from(vectors.cosignedMessage);
    const key = createPublicKey(witness.secret);
    expect(verify(null, message, key, bytes.subarray(8))).toBe(true);
  });

  test('of the C2SP example has its time and its key id', () => {
    const [, second] = parseNote(vectors.cosignedCheckpoint).signatures;
    expect(second).toMatchObject({ name: 'witness.example.com/w1', id: '8d66cf3f' });
    expect(second?.bytes.readBigUInt64BE()).toBe(1_679_315_147n);
  });

  test('counts from the first time, of a witness that cosigned twice', () => {
    const signatures = [3, 2, 5].map((at) => signNote(text, witness, at));
    const found = verifyNote({ text, signatures }, [witness.verifier]);
    expect(found).toMatchObject([{ atSeconds: 2 }]);
  });

  test('does not hold with another time', () => {
    const { bytes, ...its } = signNote(text, witness, 100);
    const changed = Buffer.from(bytes);
    changed.writeBigUInt64BE(101n);
    const note = { text, signatures: [{ ...its, bytes: changed }] };
    expect(() => verifyNote(note, [witness.verifier])).toThrow(WrongSignature);
  });

  test('does not hold as the signature of a note, nor the other way', () => {
    const note = signingKeyOf('w', 1, Buffer.alloc(32, 3));
    const asWitness = signingKeyOf('w', 4, Buffer.alloc(32, 3));
    const { bytes } = signNote(text, asWitness, 100);
    const renamed = { name: 'w', id: note.verifier.id, bytes: bytes.subarray(8) };
    expect(() => verifyNote({ text, signatures: [renamed] }, [note.verifier])).toThrow();
    const plain = { ...signNote(text, note), id: asWitness.verifier.id };
    expect(() => verifyNote({ text, signatures: [plain] }, [asWitness.verifier])).toThrow();
  });

  test('needs a time', () => {
    expect(() => signNote(text, witness)).toThrow('a cosignature needs a time');
  });
});

const base64 = signed.slice(signed.lastIndexOf(' ') + 1, -1);
test.each<[string, string | Uint8Array]>([
  ['note: has no blank line', 'text\n'],
  ['note: has no blank line', ''],
  ['note: has no signature', 'text\n\n'],
  ['note: does not end with a newline', signed.slice(0, -1)],
  ['note, line 2: holds a control character', signed.replace('\nlast', '\tlast')],
  ['note, line 5: holds a control character', signed.replace(/\n$/, '\r\n')],
  ['note: is not valid UTF-8', Buffer.from([0xff, 0x0a, 0x0a])],
  ['note: is not valid UTF-8', `\ud800${signed}`],
  ['note, line 5: a signature must begin with — and a space', signed.replace('— ', '- ')],
  ['note, line 5: a signature must begin', signed.replace('— ', '—')],
  ['note, line 5: a signature must be —, the name', signed.replace('— log.example', '— ')],
  ['note, line 5: a signature must be —, the name', signed.replace('— log', '— l+g')],
  ['note, line 5: a signature must be —, the name', signed.replace(base64, `${base64} `)],
  ['note, line 6: a signature must begin', `${signed}text\n`],
  ['note, line 5: the Base64', signed.replace(base64, base64.slice(0, -1))],
  ['note, line 5: the Base64', signed.replace(base64, base64.replaceAll('=', ''))],
  ['note, line 5: the signature is too short', signed.replace(base64, 'AAAAAA==')],
  ['note: has more than 100 signatures', `${signed}${signed.slice(text.length + 1).repeat(100)}`],
])('refuses with “%s”: %j', (message, note) => {
  expect(() => parseNote(note)).toThrow(message);
});

test('takes 100 signatures', () => {
  const lines = signed.slice(text.length + 1).repeat(100);
  expect(parseNote(`${text}\n${lines}`).signatures).toHaveLength(100);
});

test('an unsigned note ends with its blank line, and is taken only where it may be', () => {
  const unsigned = encodeNote({ text, signatures: [] });
  expect(unsigned).toBe(`${text}\n`);
  expect(() => parseNote('one line\n\n')).toThrow('has no signature');
  expect(parseNote('one line\n\n', { mayBeUnsigned: true })).toEqual({
    text: 'one line\n',
    signatures: [],
  });
});

test.each(['no newline', 'a tab\t\n', 'half a character \ud800\n'])('does not sign %j', (bad) => {
  expect(() => signNote(bad, log)).toThrow(/^text to sign/);
});

test('no changed byte of a signed note is accepted', () => {
  const bytes = Buffer.from(signed);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ change;
      // Refused, or no longer signed by the key.
      expect(signersOf(changed)).toEqual([]);
    }),
    { numRuns: 1000 },
  );
});

function signersOf(note: Uint8Array): unknown[] {
  try {
    return verifyNote(parseNote(note), [log.verifier]);
  } catch {
    return [];
  }
}
