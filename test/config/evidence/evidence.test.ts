import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { encodeSigningKey, signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { encodeVerifierKey } from '../../../src/evidence/log/verifier-key.ts';
import { goodConfig, mistakesOf, readGood } from '../workspace.ts';

const key = signingKeyOf('keysweep/acme', 1, Buffer.alloc(32, 7));
const line = encodeSigningKey(key);
const witness = (seed: number, type: 1 | 4 = 4) =>
  encodeVerifierKey(signingKeyOf('w.example', type, Buffer.alloc(32, seed)).verifier);

const world = (evidence: string) => ({
  files: {
    'config/keysweep.yaml': `${goodConfig}evidence: ${evidence}\n`,
    'config/evidence.key': `${line}\n`,
    'config/witness.pub': `${witness(1)}\n`,
  },
  env: { EVIDENCE_KEY: line },
});

test('without the section the log is unsigned and has no name of its own', async () => {
  const { config, secrets } = await readGood();
  expect(config.evidence).toEqual({
    ...{
      origin: undefined,
      verifierKey: undefined,
      stateFile: undefined,
      open: false,
      witnesses: [],
    },
  });
  expect(secrets.evidenceKey).toBeUndefined();
});

test('a key in a file gives the name of the log, and the file of its state beside it', async () => {
  const { config, secrets, secretFiles } = await readGood(world('{ keyFile: evidence.key }'));
  const folder = join(config.file, '..');
  expect(config.evidence).toEqual({
    origin: 'keysweep/acme',
    verifierKey: encodeVerifierKey(key.verifier),
    stateFile: join(folder, 'evidence.key.checkpoint'),
    open: false,
    witnesses: [],
  });
  expect(secrets.evidenceKey?.verifier).toEqual(key.verifier);
  expect(secretFiles).toEqual([join(folder, 'evidence.key')]);
});

test('a key in a variable comes with a file of the state, whose path starts at this file', async () => {
  const { config, secrets } = await readGood(
    world(`{ key: "$\{EVIDENCE_KEY}", stateFile: ../state/last, origin: keysweep/acme }`),
  );
  expect(config.evidence.stateFile).toBe(join(config.file, '../../state/last'));
  expect(secrets.evidenceKey?.verifier).toEqual(key.verifier);
});

test('stateFile names a file that start makes, so it may be missing', async () => {
  const { config } = await readGood(world('{ keyFile: evidence.key, stateFile: none/here }'));
  expect(config.evidence.stateFile).toBe(join(config.file, '../none/here'));
});

test('witnesses have a URL and a key, which may stand in a file', async () => {
  const { config } = await readGood(
    world(
      `{ keyFile: evidence.key, witnesses: [{ url: "https://w.example/x/", keyFile: witness.pub }, { url: "http://127.0.0.1:7", key: "${witness(2)}" }] }`,
    ),
  );
  expect(config.evidence.witnesses).toEqual([
    { url: 'https://w.example/x', key: witness(1) },
    { url: 'http://127.0.0.1:7', key: witness(2) },
  ]);
});

test('nothing that is printed of the secrets holds the key', async () => {
  const { config, secrets } = await readGood(world('{ keyFile: evidence.key }'));
  const seed = line.slice(line.lastIndexOf('+') + 1, -4);
  const shown = `${inspect({ ...secrets }, { depth: 9 })}${JSON.stringify({ ...secrets })}`;
  expect(`${shown}${inspect(config, { depth: 9 })}`).not.toContain(seed);
});

const at = 'config/keysweep.yaml:10:';
test.each([
  ['{ keyFile: none.key }', [/13 evidence\.key: the file "none\.key" cannot be read/]],
  [
    '{ keyFile: witness.pub }',
    [/\d+ evidence\.key: cannot be used: it must begin with PRIVATE\+KEY\+/],
  ],
  [`{ key: "${line}", keyFile: evidence.key }`, [/evidence\.key: key and keyFile cannot both/]],
  [`{ key: "${line}" }`, [/evidence\.key: needs a stateFile beside it/]],
  [
    `{ key: "${encodeSigningKey(signingKeyOf('w', 4, Buffer.alloc(32)))}", stateFile: s }`,
    [/evidence\.key: is the key of a witness, not of a log/],
  ],
  [
    '{ keyFile: evidence.key, origin: keysweep/acne }',
    [/evidence\.origin: must be the name in the key, which is keysweep\/acme/],
  ],
  ['{ origin: "two words" }', [/evidence\.origin: must hold no space and no plus sign/]],
  ['{ origin: a+b }', [/evidence\.origin: must hold no space/]],
  ['{ origin: "" }', [/evidence\.origin: must not be empty/]],
  ['{ stateFile: here }', [/evidence\.stateFile: needs a key/]],
  [
    `{ witnesses: [{ url: "https://w.example", key: "${witness(1)}" }] }`,
    [/evidence\.witnesses: need a key/],
  ],
  [
    `{ keyFile: evidence.key, witnesses: [{ url: "https://w.example", key: "${witness(1, 1)}" }] }`,
    [/evidence\.witnesses\.0\.key: is the key of a log, not of a witness/],
  ],
  [
    `{ keyFile: evidence.key, witnesses: [{ url: "ftp://w", key: "${witness(1).slice(1)}" }] }`,
    [
      /evidence\.witnesses\.0\.url: must begin with/,
      /witnesses\.0\.key: cannot be used: its id is/,
    ],
  ],
  [
    `{ keyFile: evidence.key, witnesses: [{ url: "https://a", keyFile: witness.pub }, { url: "https://b", key: "${witness(1)}" }] }`,
    [/evidence\.witnesses\.1\.key: is the key of a witness above already/],
  ],
  ['{ keyFile: evidence.key, quorum: 1 }', [/evidence\.quorum: unknown key/]],
  [
    '{ witnesses: [{ url: "https://a" }], keyFile: evidence.key }',
    [/witnesses\.0\.key: is missing/],
  ],
])('finds the mistakes in %s', async (evidence, expected) => {
  const found = await mistakesOf(world(evidence));
  expect(found).toHaveLength(expected.length);
  for (const [place, form] of expected.entries()) {
    expect(found[place]?.startsWith(at)).toBe(true);
    expect(found[place]).toMatch(form);
  }
  expect(found.join('\n')).not.toContain(line.slice(-20));
});

test('an unset variable is one mistake, and none follows from it', async () => {
  expect(await mistakesOf(world(`{ key: "$\{NONE}" }`))).toEqual([
    expect.stringContaining('evidence.key: the variable NONE is not set'),
  ]);
});
