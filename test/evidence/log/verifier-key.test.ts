import { expect, test } from 'vitest';
import {
  encodeSigningKey,
  parseSigningKey,
  signingKeyOf,
} from '../../../src/evidence/log/signing-key.ts';
import { encodeVerifierKey, parseVerifierKey } from '../../../src/evidence/log/verifier-key.ts';
import vectors from './vectors/c2sp.json' with { type: 'json' };

const sample = vectors.verifierKey;

test('reads the example of C2SP and writes it back', () => {
  const key = parseVerifierKey(sample);
  expect(key).toMatchObject({ name: 'example.com/foo', id: '530d903a', type: 1 });
  expect(key.publicKey).toHaveLength(32);
  expect(encodeVerifierKey(key)).toBe(sample);
});

test.each([
  ['', 'it must be a name, an id and Base64 with + between them'],
  ['example.com/foo', 'it must be a name, an id and Base64 with + between them'],
  [sample.replace('example.com/foo', ''), 'its name must not be empty'],
  [sample.replace('foo', 'f oo'), 'its name must not be empty, and must hold no space'],
  [sample.replace('foo', 'f\u2003oo'), 'must hold no space'],
  [sample.replace('foo', 'f\u0085oo'), 'must hold no space'],
  [sample.replace('foo', 'f\0oo'), 'or control character'],
  [sample.replace('foo', 'f\ud800oo'), 'its name must'],
  [sample.replace('530d903a', '530D903A'), 'its id must be eight lower-case hex digits'],
  [sample.replace('530d903a', '530d903'), 'its id must be eight lower-case hex digits'],
  [
    sample.replace('530d903a', '530d903b'),
    'its id is 530d903b, but the key and its name give 530d903a',
  ],
  [sample.replace('foo', 'fop'), 'its id is 530d903a, but the key and its name give'],
  [`${sample}\n`, 'its third part must be Base64 with padding, in its one form'],
  [`${sample}=`, 'its third part must be Base64'],
  [`${sample.slice(0, -1)}l`, 'its id is'],
  [sample.slice(0, -4), 'an Ed25519 key has 32 bytes, this one has 29'],
  ['a+00000000+', 'its third part must be Base64'],
  ['a+00000000+Bg==', 'its signature type is 6; supported are 1 and 4'],
])('refuses %j: %s', (text, message) => {
  expect(() => parseVerifierKey(text)).toThrow(message);
  expect(() => parseVerifierKey(text)).toThrow(/^verifier key: /);
});

test('refuses Base64 whose last bits say nothing but are not zero', () => {
  // 33 bytes end without padding; 32 end with one `=` and two spare bits.
  expect(() => parseVerifierKey('a+00000000+AR==')).toThrow('must be Base64 with padding');
});

const seed = Buffer.alloc(32, 7);

test('a key has another id for another type or another name', () => {
  const ids = [
    signingKeyOf('log.example', 1, seed),
    signingKeyOf('log.example', 4, seed),
    signingKeyOf('log.example2', 1, seed),
  ].map(({ verifier }) => verifier.id);
  expect(new Set(ids).size).toBe(3);
});

test('a signing key is one line, which is read back, with a newline or without', () => {
  for (const type of [1, 4] as const) {
    const key = signingKeyOf('log.example', type, seed);
    const line = encodeSigningKey(key);
    expect(line).toMatch(/^PRIVATE\+KEY\+log\.example\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/);
    for (const text of [line, `${line}\n`]) {
      expect(parseSigningKey(text).verifier).toEqual(key.verifier);
      expect(encodeSigningKey(parseSigningKey(text))).toBe(line);
    }
  }
});

const line = encodeSigningKey(signingKeyOf('log.example', 1, seed));
test.each([
  ['', 'it must begin with PRIVATE+KEY+'],
  [sample, 'it must begin with PRIVATE+KEY+'],
  [`${line}\n\n`, 'its third part must be Base64'],
  [line.replace('log.example', 'log.exampl'), 'its id is'],
  [line.slice(0, -4), 'an Ed25519 seed has 32 bytes'],
  [`${line.slice(0, -1)}A`, 'its id is'],
])('refuses the signing key %j: %s', (text, message) => {
  expect(() => parseSigningKey(text)).toThrow(message);
});

test('no mistake in a signing key quotes it', () => {
  const secret = line.slice(line.lastIndexOf('+'));
  for (const text of [`${line}\n\n`, line.replace('log', 'lag'), line.slice(0, -4)]) {
    try {
      parseSigningKey(text);
    } catch (error) {
      expect(String(error)).not.toContain(secret.slice(1, 20));
    }
  }
  expect.assertions(3);
});
