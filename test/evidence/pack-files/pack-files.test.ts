import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { signingKeyOf } from '../../../src/evidence/log/signing-key.ts';
import { encodeContents, parseContents } from '../../../src/evidence/pack-files/contents.ts';
import { gzipHead, gzipPack } from '../../../src/evidence/pack-files/gzip.ts';
import { encodePackInfo, parsePackInfo } from '../../../src/evidence/pack-files/pack-info.ts';
import {
  checkpointPath,
  contentsPath,
  keyProofPath,
  leafProofPath,
  listPath,
  objectPath,
  parsePackPath,
} from '../../../src/evidence/pack-files/pack-paths.ts';
import {
  encodePackedList,
  hashPackedList,
  parsePackedList,
} from '../../../src/evidence/pack-files/packed-list.ts';
import { encodePolicyCopy, parsePolicyCopy } from '../../../src/evidence/pack-files/policy-copy.ts';
import { writeTar } from '../../../src/evidence/pack-files/tar.ts';

const hash = 'ab'.repeat(32);

test('reads back each path that it makes', () => {
  expect(parsePackPath('checkpoint', checkpointPath(12))).toBe('12');
  expect(parsePackPath('object', objectPath(hash))).toBe(hash);
  expect(parsePackPath('list', listPath(hash))).toBe(hash);
  expect(parsePackPath('contents', contentsPath(7))).toBe('000007');
  expect(parsePackPath('keyProof', keyProofPath(3))).toBe('3');
  expect(parsePackPath('leafProof', leafProofPath(3))).toBe('3');
});

test('reads no list of more keys than a batch may have: millions would fill the memory', () => {
  const listOf = (count: number) => {
    const keys = Array.from({ length: count }, (_, n): [string, string] => [`k${n}`, '']);
    return encodePackedList({ source: 'main', keys });
  };
  expect(parsePackedList(listOf(1_000))?.keys).toHaveLength(1_000);
  expect(parsePackedList(listOf(1_001))).toBeUndefined();
});

test.each(['checkpoints/012', 'checkpoints/', 'checkpoints/1/2', 'checkpoint/1', 'checkpoints/-1'])(
  'takes %j for no checkpoint',
  (path) => expect(parsePackPath('checkpoint', path)).toBeUndefined(),
);

const info = {
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-02-01T00:00:00.000Z',
  only: null,
  size: 3,
  origin: 'keysweep/acme',
  keysweep: '0.1.0',
  timezones: '2026a',
  installation: '6f0a3c9e-7f43-4e9b-9d3d-3a1f0c9be111',
};

test('reads what a pack says of itself in its one form only', () => {
  const text = encodePackInfo(info);
  expect(parsePackInfo(text)).toEqual({ ok: true, info: { version: 1, ...info } });
  for (const other of [
    `${text}\n`,
    ` ${text}`,
    text.replace('"size":3', '"size":3.0'),
    '{}',
    'x',
  ]) {
    expect(parsePackInfo(other)).toEqual({ ok: false, why: 'malformed' });
  }
});

test('reads no pack.json of over 1 MiB, which nothing makes', () => {
  const shortest = encodePackInfo({ ...info, origin: '' }).length;
  const textOf = (length: number) =>
    encodePackInfo({ ...info, origin: 'o'.repeat(length - shortest) });
  expect(parsePackInfo(textOf(1024 * 1024))).toMatchObject({ ok: true });
  expect(parsePackInfo(textOf(1024 * 1024 + 1))).toEqual({ ok: false, why: 'malformed' });
});

test('knows a pack of another version, whatever else stands in it', () => {
  expect(parsePackInfo('{"version":2,"new":true}')).toEqual({
    ...{ ok: false, why: 'version', version: 2 },
  });
});

test('hashes a list of keys as 96 bytes a key', () => {
  const list = { source: 'main', keys: [['k1', '[null]'] as [string, string]] };
  expect(parsePackedList(encodePackedList(list))).toEqual({ version: 1, ...list });
  const parts = ['main', 'k1', '[null]'].map((text) => createHash('sha256').update(text).digest());
  const whole = createHash('sha256').update(Buffer.concat(parts)).digest();
  expect(hashPackedList(list)).toEqual(whole);
  expect(hashPackedList({ ...list, source: 'other' })).not.toEqual(hashPackedList(list));
});

test('writes contents one a line with their rows, and refuses other lines', () => {
  const contents = [
    { row: 3, text: '{"a":1}' },
    { row: 20, text: '{}' },
  ];
  expect(encodeContents(contents)).toBe('3 {"a":1}\n20 {}\n');
  expect(parseContents(encodeContents(contents))).toEqual(contents);
  for (const text of ['3 {"a":1}\n20 {}', '', '03 {}\n', '{}\n', ' {}\n']) {
    expect(parseContents(text)).toBeUndefined();
  }
});

test('reads a copy of a policy in its one form only', () => {
  const key = (name: string, type: 1 | 4) =>
    signingKeyOf(name, type, createHash('sha256').update(name).digest()).verifier;
  const copy = { logs: [key('log', 1)], witnesses: [key('w1', 4), key('w2', 4)] };
  const text = encodePolicyCopy(copy);
  expect(parsePolicyCopy(text)).toEqual(copy);
  expect(parsePolicyCopy(encodePolicyCopy({ ...copy, witnesses: [] }))).toBeDefined();
  expect(parsePolicyCopy(text.replace('witnesses 2', 'witnesses 1'))).toBeUndefined();
  expect(parsePolicyCopy(`# ours\n${text}`)).toBeUndefined();
});

test('compresses to bytes that gunzip reads, with a head that names no system', async () => {
  const parts = [Buffer.from('one'), Buffer.alloc(300_000, 'x'), Buffer.from('two')];
  const pieces: Uint8Array[] = [];
  for await (const piece of gzipPack(listed(parts))) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  expect(gunzipSync(bytes)).toEqual(Buffer.concat(parts));
  expect(bytes.subarray(0, 10)).toEqual(gzipHead);
});

test('compresses to the same bytes however they come, and the first without waiting for more', async () => {
  const whole = Buffer.from(Array.from({ length: 9_000 }, (_, at) => (at * at) % 251));
  const compress = async (sizes: readonly number[]) => {
    const parts: Buffer[] = [];
    let at = 0;
    for (const size of sizes) {
      parts.push(whole.subarray(at, at + size));
      at += size;
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of gzipPack(listed([...parts, whole.subarray(at)]))) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const bytes = await compress([]);
  expect(gunzipSync(bytes)).toEqual(whole);
  for (const sizes of [[1_024], [1_023, 1], [1_000, 100], [1, 8_000], [512, 512, 512, 3_000]]) {
    expect((await compress(sizes)).equals(bytes), String(sizes)).toBe(true);
  }

  async function* waits() {
    yield whole.subarray(0, 1_024);
    await new Promise(() => undefined);
  }
  const first: Uint8Array[] = [];
  for await (const piece of gzipPack(waits())) {
    first.push(piece);
    if (Buffer.concat(first).length > 100) break;
  }
  expect(bytes.indexOf(Buffer.concat(first))).toBe(0);
});

test('an archive that nobody reads to its end gives back what it is made of', async () => {
  let isOpen = true;
  async function* large() {
    try {
      for (;;) yield randomBytes(100_000);
    } finally {
      isOpen = false;
    }
  }
  for await (const _piece of gzipPack(large())) break;
  await expect.poll(() => isOpen).toBe(false);
});

test('writes an archive that tar reads, with the same bytes each time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keysweep-tar-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const archive = async () => {
    const pieces: Uint8Array[] = [];
    const files = [
      { path: 'a', bytes: Buffer.from('one') },
      { path: `objects/${hash}`, bytes: Buffer.alloc(512, 'x') },
      { path: 'z', bytes: Buffer.alloc(0) },
    ];
    for await (const piece of writeTar(listed(files))) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const bytes = await archive();
  expect(await archive()).toEqual(bytes);
  writeFileSync(join(folder, 'pack.tar'), bytes);
  execFileSync('tar', ['xf', 'pack.tar'], { cwd: folder });
  const sizes = ['a', `objects/${hash}`, 'z'].map((path) => statSync(join(folder, path)).size);
  expect(sizes).toEqual([3, 512, 0]);
});

async function* listed<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
