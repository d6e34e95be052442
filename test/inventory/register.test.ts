import { expect, test } from 'vitest';
import { bytesInMemory } from '../../src/documents/text-bytes.ts';
import { readCsvList } from '../../src/inventory/csv/csv-list.ts';
import { readJsonList } from '../../src/inventory/json-list.ts';
import type { KeyList } from '../../src/inventory/key-list.ts';
import { createRegister } from '../../src/inventory/register.ts';
import { hashTexts } from '../../src/inventory/seen-places.ts';
import { readYamlList } from '../../src/inventory/yaml-list.ts';

type Named = readonly [source: string, keyId: string];

/** Thousands of keys, in which `k3`, `k10`, `k17` … of each file are in the file before too. */
const keysOf = (file: number): readonly Named[] =>
  Array.from({ length: 2_000 }, (_, n) => [
    n % 2 === 0 ? 'prod' : 'test',
    n % 7 === 3 ? `k${n}` : `k${n}-${file}`,
  ]);

const textOf = (text: string) => bytesInMemory(Buffer.from(text));
const toObject = ([source, keyId]: Named) => ({ source, keyId });
const toYaml = (keys: readonly Named[]) =>
  keys.map((key) => `- ${JSON.stringify(toObject(key))}\n`).join('');
const lists: Readonly<Record<string, (keys: readonly Named[]) => KeyList>> = {
  'a.csv': (keys) =>
    readCsvList(textOf(`key_id,source\n${keys.map(([s, k]) => `"${k}",${s}\n`).join('')}`)),
  'b.json': (keys) => readJsonList(Buffer.from(JSON.stringify(keys.map(toObject), null, 1))),
  'c.yaml': (keys) => readYamlList(Buffer.from(toYaml(keys))),
  'd.csv': (keys) =>
    readCsvList(textOf(`source;key_id\n\n${keys.map((key) => `${key.join(';')}\r\n`).join('')}`)),
};

/** Each key that was found in the register, with the place of its first entry. */
async function enterAll(hash: typeof hashTexts): Promise<string[]> {
  const register = createRegister(hash);
  const found: string[] = [];
  for (const [place, [file, read]] of Object.entries(lists).entries()) {
    const list = read(keysOf(place));
    register.open(file, list);
    await list.each((row, at) => {
      const { source, keyId } = row as ReturnType<typeof toObject>;
      const before = register.enter(source, keyId, at);
      if (before !== undefined)
        found.push(`${file} ${keyId} ${before.file}:${before.line}:${before.column}`);
    });
  }
  return found;
}

test.each([
  ['with the usual hash', hashTexts],
  ['with a hash that collides for most keys', (texts: readonly string[]) => hashTexts(texts) % 64],
  [
    'with hashes at the end of the table',
    (texts: readonly string[]) => ~(hashTexts(texts) % 64) >>> 0,
  ],
])('finds each key that is listed twice, and no other, %s', async (_, hash) => {
  const twice = keysOf(0).flatMap(([, keyId], n) => (keyId === `k${n}` ? [{ keyId, n }] : []));
  expect(await enterAll(hash)).toEqual(
    ['b.json', 'c.yaml', 'd.csv'].flatMap((file) =>
      twice.map(({ keyId, n }) => `${file} ${keyId} a.csv:${n + 2}:1`),
    ),
  );
});

test('the id of one source is no double of the same id in another', () => {
  const list = readJsonList(Buffer.from('[{"source":"a","keyId":"k"},{"source":"b","keyId":"k"}]'));
  const register = createRegister(() => 0);
  register.open('k.json', list);
  expect(register.enter('a', 'k', 0)).toBeUndefined();
  expect(register.enter('b', 'k', 1)).toBeUndefined();
  expect(register.enter('b', 'k', 2)).toMatchObject({ file: 'k.json', line: 1 });
});

test('a hash tells texts apart by where they end', () => {
  expect(hashTexts(['ab', 'c'])).not.toBe(hashTexts(['a', 'bc']));
});
