import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { renderMistake } from '../../src/documents/mistake.ts';
import { collectKeys } from '../../src/inventory/listed-keys.ts';
import { readInventory } from '../../src/inventory/read-inventory.ts';

async function read(files: Record<string, string | Buffer>) {
  const cwd = mkdtempSync(join(tmpdir(), 'keysweep-spreadsheets-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  const paths = Object.keys(files).map((name) => join(cwd, name));
  const found = await readInventory(paths, { sources: new Set(['prod', 'test']), cwd });
  const keys = await collectKeys(found.keys);
  return { ...found, keys, mistakes: found.mistakes.map(renderMistake) };
}
const csv = (content: string | Buffer) => read({ 'k.csv': content });

const plain =
  'source,key_id,owner,environment,approved_scopes,tags\nprod,key_1,"Zoë, Ann",production,a:read|b:read,pci|eu\ntest,key_2,,,,\n';
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('a CSV as a spreadsheet saves it says what the plain one says', () => {
  const semicolons = plain.replaceAll(/,(?! )/g, ';');
  const tabs = plain.replaceAll(/,(?! )/g, '\t');
  test.each<[string, string | Buffer]>([
    ['semicolons', semicolons],
    ['tabs', tabs],
    ['tabs and empty cells', tabs.replace('"Zoë, Ann"', ' "Zoë, Ann" ')],
    ['sep=;', `sep=;\r\n${semicolons}`],
    ['sep=, in a column of its own', `"sep=,",,,,,\n${plain}`],
    ['sep= and a tab', `SEP=\t\n${tabs}`],
    ['a byte order mark', `\uFEFF${plain}`],
    ['a byte order mark and sep=', `\uFEFFsep=;\n${semicolons}`],
    ['UTF-16 LE', Buffer.from(`\uFEFF${plain}`, 'utf16le')],
    ['UTF-16 LE with tabs, as “Unicode text”', Buffer.from(`\uFEFF${tabs}`, 'utf16le')],
    ['UTF-16 BE', bigEndian(`\uFEFF${semicolons}`)],
    ['carriage returns alone', plain.replaceAll('\n', '\r')],
    ['CRLF', plain.replaceAll('\n', '\r\n')],
    ['CRLF in the header only', plain.replace('\n', '\r\n')],
    ['capitals', plain.replace('source,key_id,owner', 'Source,KEY_ID,"Owner"')],
    ['space in the header', plain.replace('source,key_id,owner', ' source\t, Key ID ,"owner "')],
    ['a line end in a header', plain.replace('key_id', '"key\nid"')],
    ['space and line ends at the ends of cells', plain.replace('key_1', '" key_1\r\n"')],
    ['every cell in quotes', plain.replaceAll(/(?<=^|,)([^,"\n]*)(?=,|$)/gm, '"$1"')],
    ['empty columns at the end', plain.replaceAll('\n', ',,,\n')],
    ['empty columns of the rows alone', plain.replace('eu\n', 'eu,, \n')],
    ['an empty column between', plain.replace('key_id', 'key_id,').replaceAll(/key_\d/g, '$&,')],
    ['empty rows', `,,,\n\n${plain.replaceAll('\n', '\n,,,,,\n')}\n;;\n`.replace('\n;;', '')],
  ])('%s', async (_name, content) => {
    const expected = await csv(plain);
    expect(expected.keys).toHaveLength(2);
    expect(expected.mistakes).toEqual([]);
    const found = await csv(content);
    expect(found.mistakes).toEqual([]);
    expect(found.keys).toEqual(expected.keys);
    expect(found.warnings).toEqual([]);
  });
});

test('a quoted line end within a cell keeps the places of later rows right', async () => {
  const { mistakes } = await csv('sep=;\n"source";"key_id";tags\nprod;k;"a\nb"\nnone;"x";\n');
  expect(mistakes).toEqual([
    'k.csv:3:8 tags: tags are separated by |, not by a line end',
    'k.csv:5:1 source: there is no source "none" in the configuration',
  ]);
});

test.each<[string, Buffer]>([
  ['Windows-1252', Buffer.from('source,key_id,owner\nprod,k,Zo\u00eb\n', 'latin1')],
  ['UTF-16 without a mark', Buffer.from('source,key_id\nprod,k\n', 'utf16le')],
  ['UTF-16 that is cut', Buffer.from('\uFEFFsource,key_id\n', 'utf16le').subarray(0, 9)],
  ['UTF-16 with half a pair', Buffer.from('\uFEFFsource,key_id\nprod,\ud800\n', 'utf16le')],
  ['UTF-32', Buffer.from('fffe000073000000', 'hex')],
  ['a workbook', Buffer.from('504b0304140006000800ff', 'hex')],
])('%s is refused with the way out', async (_name, content) => {
  const { keys, unreadable } = await csv(content);
  expect(keys).toEqual([]);
  expect(unreadable.get(0)).toMatch(
    /^cannot be read: it .*; save it as CSV UTF-8 \(comma separated\)$/,
  );
});

describe('scopes and tags that are separated in another way are a mistake', () => {
  test.each([
    ['"a:read,b:read"', '2:8 approved_scopes: scopes are separated by |, not by a comma'],
    ['a:read;b:read', '2:8 approved_scopes: scopes are separated by |, not by a semicolon'],
    ['a:read b:read', '2:8 approved_scopes: scopes are separated by |, not by a blank'],
    ['a:read|b:read;c:read', '2:8 approved_scopes: scopes are separated by |, not by a semicolon'],
    ['"a:read\nb:read"', '2:8 approved_scopes: scopes are separated by |, not by a line end'],
    ['a:read;', '2:8 approved_scopes: scopes are separated by |, not by a semicolon'],
  ])('%s', async (cell, mistake) => {
    const { mistakes } = await csv(`source,key_id,approved_scopes\nprod,k,${cell}\n`);
    expect(mistakes).toEqual([`k.csv:${mistake}`]);
  });

  test('in every row that has it', async () => {
    const rows = 'prod,a,x;y,\nprod,b,x;y,p;q\nprod,c, x | y ,p q\n';
    const { mistakes, keys } = await csv(`source,key_id,approved_scopes,tags\n${rows}`);
    expect(mistakes.map((line) => line.slice(0, 10))).toEqual([
      'k.csv:2:8 ',
      'k.csv:3:8 ',
      'k.csv:3:12',
    ]);
    expect(keys.at(-1)).toMatchObject({ approvedScopes: ['x', 'y'], tags: ['p q'] });
  });
});

describe('what a spreadsheet has damaged is warned of, with its place', () => {
  const one = async (keyId: string, owner = '') =>
    (await csv(`source,key_id,owner\nprod,${keyId},${owner}\n`)).warnings;

  test.each([
    ...['1.23E+12', '"1,23E+12"', '1.23457E+12', '5E-07', '-2E+10'],
    ...['123456789012345000', '2026-03-01', '2026/3/1', '01.03.2026', '3/1/26', '1-3-2026'],
    ...[
      '2026-03-01 00:00:00',
      'Mar-26',
      'Mrz 26',
      'M\u00e4r. 26',
      '1-Mar',
      '01. Mai',
      '1-Mar-2026',
    ],
    ...['12:30', '1:02:03', '#REF!', '#N/A', '#NAME?', '#VALUE!', '#DIV/0!', '#BEZUG!', '#NV'],
    ...['########'],
  ])('the id %s', async (keyId) => {
    const warnings = await one(keyId);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^k\.csv:2:6 key_id: ".*" looks like an? /);
  });

  test.each([
    ...['key_1', '1e5', '12e45678', '3E12', '1234567890', '123456789012345678', '2026-03', '1.2.3'],
    ...['550e8400-e29b-41d4-a716-446655440000', 'mar', 'march-26x', '#1', '#key!', 'A#REF!', '0'],
    ...['10.0.0.1', '2026-03-01-a', '123456789012345'],
  ])('the id %s is left alone', async (keyId) => {
    expect(await one(keyId)).toEqual([]);
  });

  test('an owner that is an error', async () => {
    expect(await one('k', '#N/A')).toEqual([
      'k.csv:2:8 owner: "#N/A" looks like an error of a spreadsheet; format the column as text before you fill it',
    ]);
    expect(await one('k', 'Mar-26')).toEqual([]);
  });

  test('ids of digits that are shorter than those with leading zeros, in their source', async () => {
    const rows = ['prod,00123', 'prod,456', 'prod,01234', 'prod,12345', 'test,7', 'prod,0'];
    const { warnings } = await csv(`source,key_id\n${rows.join('\n')}\n`);
    expect(warnings).toEqual([
      'k.csv:3:6 key_id: "456" may have lost leading zeros in a spreadsheet: other ids of this source have 5 digits and begin with 0',
      expect.stringMatching(/^k\.csv:7:6 key_id: "0" may have lost/),
    ]);
    const ragged = await csv('source,key_id\nprod,007\nprod,01\nprod,5\n');
    expect(ragged.warnings).toEqual([]);
  });

  test('across files, and of many only the first and a count', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => `prod,1.${n + 10}E+12`).join('\n');
    const { warnings } = await read({
      '1.csv': `source,key_id\n${rows}\n`,
      '2.json': '[{"source":"prod","keyId":"007"}]',
      '3.yaml': '- { source: prod, keyId: "8" }\n',
    });
    expect(warnings).toHaveLength(21);
    expect(warnings.at(-1)).toBe('inventory: 11 more ids or owners look changed by a spreadsheet');
    const few = await read({
      '2.json': '[{"source":"prod","keyId":"007"}]',
      '3.yaml': '- { source: prod, keyId: "8" }\n',
    });
    expect(few.warnings).toEqual([expect.stringMatching(/^3\.yaml:1:\d+ 0\.keyId: "8" may have/)]);
  });
});
