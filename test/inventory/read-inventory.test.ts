import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { renderMistake } from '../../src/documents/mistake.ts';
import { collectKeys } from '../../src/inventory/listed-keys.ts';
import { readInventory } from '../../src/inventory/read-inventory.ts';

const header = 'source,key_id,owner,environment,approved_scopes,tags\n';

async function load(files: Record<string, string | Buffer>) {
  const cwd = mkdtempSync(join(tmpdir(), 'keysweep-inventory-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(cwd, name), content);
  const paths = Object.keys(files).map((name) => join(cwd, name));
  const read = await readInventory(paths, { sources: new Set(['prod', 'test']), cwd });
  const { unreadable, warnings } = read;
  return {
    keys: await collectKeys(read.keys),
    unreadable,
    warnings,
    mistakes: read.mistakes.map(renderMistake),
  };
}
const csv = (rows: string) => load({ 'k.csv': rows });
const yaml = (text: string) => load({ 'k.yaml': text });
const json = (text: string) => load({ 'k.json': text });

const whole = {
  source: 'prod',
  keyId: 'key_1',
  owner: 'payments',
  environment: 'production',
  approvedScopes: ['customers:read', 'charges:*'],
  tags: ['pci', 'eu'],
};
const bare = {
  source: 'test',
  keyId: 'key_2',
  owner: null,
  environment: null,
  approvedScopes: null,
  tags: [],
};

const read = (keys: object[]) => ({ keys, mistakes: [], warnings: [] });

describe('the three formats say the same', () => {
  test('CSV', async () => {
    const rows = 'prod,key_1,payments,production,customers:read|charges:*,pci|eu\ntest,key_2,,,,\n';
    expect(await csv(header + rows)).toMatchObject(read([whole, bare]));
  });

  test('YAML', async () => {
    const text = `- source: prod
  keyId: key_1
  owner: payments
  environment: production
  approvedScopes: ["customers:read", "charges:*"]
  tags: [pci, eu]
- { source: test, keyId: key_2 }
`;
    expect(await yaml(text)).toMatchObject(read([whole, bare]));
  });

  test('JSON', async () => {
    const text = JSON.stringify([
      whole,
      { source: 'test', keyId: 'key_2', owner: null, tags: null },
    ]);
    expect(await json(text)).toMatchObject(read([whole, bare]));
  });
});

test('no scopes in CSV state nothing, an empty list in YAML approves none', async () => {
  expect(
    (await csv('source,key_id,approved_scopes\nprod,a,\n')).keys[0]?.approvedScopes,
  ).toBeNull();
  expect(
    (await csv('source,key_id,approved_scopes\nprod,a," | "\n')).keys[0]?.approvedScopes,
  ).toBeNull();
  const [none] = (await yaml('[{ source: prod, keyId: a, approvedScopes: [] }]')).keys;
  expect(none?.approvedScopes).toEqual([]);
});

test('a YAML list of 8 MB is read', async () => {
  const { mistakes } = await yaml('#'.repeat(8 * 1024 * 1024));
  expect(mistakes).toEqual(['k.yaml:1:1 (file): is empty']);
});

test('several files are one inventory, in their order', async () => {
  const { keys, mistakes } = await load({
    'b.csv': 'source,key_id\nprod,1\n',
    'a.json': '[{"source":"prod","keyId":"2"}]',
    'c.yml': '[{ source: test, keyId: "1" }]',
  });
  expect(mistakes).toEqual([]);
  expect(keys.map(({ keyId }) => keyId)).toEqual(['1', '2', '1']);
});

test('lists that only look alike when written together are not shared', async () => {
  const { keys } = await csv(`${header}prod,a,,,x|yz,\nprod,b,,,xy|z,\n`);
  expect(keys.map(({ approvedScopes }) => approvedScopes)).toEqual([
    ['x', 'yz'],
    ['xy', 'z'],
  ]);
});

describe('CSV as people and spreadsheets write it', () => {
  test('a byte order mark, CRLF, quotes, spaces, empty lines and columns in any order', async () => {
    const text =
      '\uFEFFkey_id, owner ,source\r\n\r\n"key,1","Ann ""A"" B\u00e9",prod\r\n , ,\r\n  key_2 ,,test';
    expect(await csv(text)).toMatchObject(
      read([
        { ...bare, source: 'prod', keyId: 'key,1', owner: 'Ann "A" B\u00e9' },
        { ...bare, source: 'test', keyId: 'key_2' },
      ]),
    );
  });

  test.each([
    ['', '1:1 (file): holds no keys'],
    ['key_id,owner\nk,o\n', '1:1 source: this column is missing'],
    [
      'source,key_id,colour\nprod,k,red\n',
      '1:15 colour: unknown column; known are source, key_id, owner, environment, approved_scopes, tags',
    ],
    ['source,key_id,source\nprod,k,prod\n', '1:15 source: this column is given twice'],
    [
      'source|key_id\nprod|k\n',
      '1:1 source|key_id: unknown column; known are source, key_id, owner, environment, approved_scopes, tags; if a spreadsheet wrote this file, save it as CSV UTF-8 (comma separated)',
    ],
    [
      'sep=|\nsource|key_id\nprod|k\n',
      '1:1 (header): columns can be separated by a comma, a semicolon or a tab; save it as CSV UTF-8 (comma separated)',
    ],
    [
      'source;key_id;owner\nprod;k\n',
      '2:1 (row): this row has 2 fields, the header has 3: an empty field keeps its semicolon, at the end of a row too',
    ],
    [
      'source\tkey_id\nprod\tk\tx\n',
      '2:1 (row): this row has 3 fields, the header has 2: a field that holds a tab must stand in double quotes',
    ],
    ['source,,key_id\nprod,x,k\n', '2:6 (row): the column of this field has no name'],
    [
      'source,key_id\nprod,"a" b\n',
      '2:1 (row): a quoted field of this row goes on after its closing quote',
    ],
    [
      `source,key_id\nprod,"${'k'.repeat(1_000_000)}"\n`,
      '2:1 (row): this row is longer than 1 MB; a quote may not be closed',
    ],
    [
      'source,key_id\nprod,k\n\nprod\n',
      '4:1 (row): this row has 1 field, the header has 2: an empty field keeps its comma, at the end of a row too',
    ],
    [
      'source,key_id\nprod,k,x\n',
      '2:1 (row): this row has 3 fields, the header has 2: a field that holds a comma must stand in double quotes',
    ],
    [
      'source,key_id\nprod,"a"b\n',
      '2:1 (row): a quoted field of this row goes on after its closing quote',
    ],
    [
      'source,key_id\nprod,a\nprod,"b\n\n',
      '3:1 (row): a quote that opens in this row is not closed',
    ],
    [
      'source,key_id\nprod,a"b\n',
      '2:1 (row): a field of this row holds a quote but does not begin with one',
    ],
    ['source,key_id\nprod,\n', '2:6 key_id: must not be empty'],
    ['source,key_id\n,k\n', '2:1 source: must not be empty'],
    ['source,key_id\nprod,.\n', '2:6 key_id: must not be . or .. (they lead elsewhere in a URL)'],
    ['source,key_id\nprod,..\n', '2:6 key_id: must not be . or .. (they lead elsewhere in a URL)'],
    [
      'source,key_id\n"prod\u00e9","a\tb"\n',
      '2:9 key_id: must not hold U+0009, a control character',
    ],
    [`source,key_id\nprod,${'k'.repeat(513)}\n`, '2:6 key_id: must have at most 512 characters'],
    ['source,key_id\n"a\nb",k\nnone,k\n', '2:1 source: must not hold U+000A, a control character'],
    [
      'source,key_id,tags\nprod,k,"a|b\u0007"\n',
      '2:8 tags: must not hold control characters or halves of surrogate pairs',
    ],
  ])('mistake %#', async (text, mistake) => {
    expect((await csv(text)).mistakes[0]).toBe(`k.csv:${mistake}`);
  });

  test('lines are right after fields that run over several lines', async () => {
    const text = 'owner,source,key_id\n"two\nlines",prod,a\n\n"x",none,b\n';
    expect((await csv(text)).mistakes).toEqual([
      'k.csv:2:1 owner: must not hold control characters or halves of surrogate pairs',
      'k.csv:5:5 source: there is no source "none" in the configuration',
    ]);
  });

  test('columns are right after commas and quotes within quotes', async () => {
    expect((await csv('owner,source,key_id\n"a,""b,",none,k\n')).mistakes).toEqual([
      'k.csv:2:10 source: there is no source "none" in the configuration',
    ]);
  });

  test('a key id of 512 characters is taken', async () => {
    expect((await csv(`source,key_id\nprod,${'k'.repeat(512)}\n`)).mistakes).toEqual([]);
  });
});

describe('doubled keys are told with both places', () => {
  test('in one file', async () => {
    const { mistakes } = await csv('source,key_id\nprod,a\nprod,b\ntest,a\nprod,a\n');
    expect(mistakes).toEqual([
      'k.csv:5:6 key_id: "a" of this source is listed already at k.csv:2:6',
    ]);
  });

  test('in two files', async () => {
    const { mistakes } = await load({
      '1.csv': 'source,key_id\nprod,a\nprod,b\n',
      '2.json': '[\n  { "source": "prod", "keyId": "c" },\n  { "keyId": "b", "source": "prod" }\n]',
      '3.yaml': '- { source: prod, keyId: c }\n',
    });
    expect(mistakes).toEqual([
      '2.json:3:14 1.keyId: "b" of this source is listed already at 1.csv:3:6',
      '3.yaml:1:26 0.keyId: "c" of this source is listed already at 2.json:2:32',
    ]);
  });
});

describe('mistakes in YAML and JSON', () => {
  test.each([
    ['', '1:1 (file): is empty'],
    ['[]', '1:1 (file): holds no keys'],
    ['a: 1', '1:1 (file): must be a list of keys'],
    ['- 5', '1:3 0: must be a mapping of keys to values, not a number'],
    ['- { source: prod }', '1:3 0.keyId: is missing'],
    ['- { source: prod, keyId: 5 }', '1:26 0.keyId: must be text, not a number; put it in quotes'],
    ['- { source: prod, keyId: a, tags: x }', '1:35 0.tags: must be a list, not text'],
    [
      '- { source: prod, keyId: a, tags: [x, 1] }',
      '1:39 0.tags.1: must be text, not a number; put it in quotes',
    ],
    [
      '- { source: prod, keyId: a, note: x }',
      '1:29 0.note: unknown key; known are source, keyId, owner, environment, approvedScopes, tags',
    ],
    [
      '- { source: prod, keyId: a, __proto__: { x: 1 } }',
      '1:29 0.__proto__: unknown key; known are source, keyId, owner, environment, approvedScopes, tags',
    ],
    [
      '- { source: prod, keyId: "a\\ud800" }',
      '1:26 0.keyId: must not hold U+D800, half of a surrogate pair',
    ],
  ])('YAML %#', async (text, mistake) => {
    expect((await yaml(text)).mistakes).toEqual([`k.yaml:${mistake}`]);
  });

  test.each([
    ['', '1:1 (file): this is not valid JSON'],
    ['[{"source":"prod",\n  "keyId":"a"},]', '2:16 (file): this is not valid JSON'],
    ['[\n{"source"', '2:10 (file): this is not valid JSON'],
    ['[{"keyId":"\u00e9"},\n {"keyId":no}]', '2:2 (file): this is not valid JSON'],
    ['{"keys":[]}', '1:1 (file): must be a list of keys'],
    ['[ ]', '1:1 (file): holds no keys'],
    [
      '[\n\t{"source":"prod","keyId":"a"},\n\t[1,{"x":2}], {"source":"prod","keyId":"\\ud800"}]',
      '3:2 0',
    ],
    ['[{"source":"prod","keyId":"a","keyId":"b"}]', '1:2 0: one of its keys is given twice'],
    [
      '[{"source":"prod","keyId":"a\\u0000"}]',
      '1:27 0.keyId: must not hold U+0000, a control character',
    ],
    [
      '[{"source":"prod","keyId":"a","__proto__":{"x":1}}]',
      '1:31 0.__proto__: unknown key; known are source, keyId, owner, environment, approvedScopes, tags',
    ],
    [
      '[{"source":"{[,\\"]}","keyId":"a"},\n {"source":"none","keyId":"b"}]',
      '1:12 0.source: there is no source',
    ],
  ])('JSON %#', async (text, mistake) => {
    const { mistakes } = await json(text);
    expect(mistakes[0]).toContain(`k.json:${mistake.replace('3:2 0', '3:2 1: must be a mapping')}`);
  });
});

test('a file of another kind is not read to its end', async () => {
  const rows = Array.from({ length: 30_000 }, (_, n) => `none,key_${n}`).join('\n');
  const { mistakes } = await csv(`source,key_id\n${rows}\n`);
  expect(mistakes.length).toBe(10_001);
  expect((await csv(`source,key_id\n${'prod\n'.repeat(30_000)}`)).mistakes.length).toBe(10_000);
  expect(mistakes.at(-1)).toMatch(/\(file\): more than 10000 mistakes; what follows was not read$/);
});

test('what is too large or no text is not read at all', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'keysweep-inventory-'));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  writeFileSync(join(cwd, 'large.yaml'), '#');
  truncateSync(join(cwd, 'large.yaml'), 8 * 1024 * 1024 + 1);
  writeFileSync(join(cwd, 'binary.csv'), Buffer.from([0xff, 0xfe, 0x00]));
  const files = ['large.yaml', 'binary.csv', 'none.json'].map((name) => join(cwd, name));
  const { unreadable, keys } = await readInventory(files, { sources: undefined, cwd });
  expect([...unreadable]).toEqual([
    [0, 'cannot be read: it is larger than 8 MB; write a list of this size as CSV or JSON'],
    [1, 'cannot be read: it is not text in UTF-8; save it as CSV UTF-8 (comma separated)'],
    [2, 'cannot be read: there is no such file'],
  ]);
  expect(keys.count).toBe(0);
});

describe('all mistakes are reported together', () => {
  const other = '2.csv';
  const listed = 'source,key_id\nprod,a\n';

  test('of one row: those of its form, its source and its id', async () => {
    const { mistakes } = await load({
      '1.csv': `${header}none,a,,,,\n,b,,,,\nnone,,,,,\n`,
      '2.json':
        '[{"source":"none","keyId":5},{"keyId":"c","note":1},{"source":"prod","keyId":"a","x":1}]',
      '3.yaml': '- { source: prod, keyId: a, tags: x }\n',
    });
    expect(mistakes).toEqual([
      expect.stringMatching(/^1\.csv:2:1 source: there is no source "none"/),
      expect.stringMatching(/^1\.csv:3:1 source: must not be empty/),
      expect.stringMatching(/^1\.csv:4:\d+ key_id: must not be empty/),
      expect.stringMatching(/^1\.csv:4:1 source: there is no source "none"/),
      expect.stringMatching(/^2\.json:1:\d+ 0\.keyId: must be text/),
      expect.stringMatching(/^2\.json:1:\d+ 0\.source: there is no source "none"/),
      expect.stringMatching(/^2\.json:1:\d+ 1\.source: is missing/),
      expect.stringMatching(/^2\.json:1:\d+ 1\.note: unknown key/),
      expect.stringMatching(/^2\.json:1:\d+ 2\.x: unknown key/),
      expect.stringMatching(/^3\.yaml:1:\d+ 0\.tags: must be a list/),
      expect.stringMatching(/^3\.yaml:1:\d+ 0\.keyId: "a" of this source is listed already at 2/),
    ]);
  });

  test('of a YAML list with a row that is not YAML', async () => {
    const text =
      '- source: prod\n  keyId: R&D\n-\tsource: prod\n- { source: none, keyId: b }\n- { source: prod, keyId: a }\n- @\n';
    const { mistakes } = await load({ [other]: listed, 'k.yaml': text });
    expect(mistakes).toEqual([
      expect.stringMatching(/^k\.yaml:3:\d+ 1: /),
      expect.stringMatching(/^k\.yaml:6:3 4: /),
      expect.stringMatching(/^k\.yaml:4:13 2\.source: there is no source "none"/),
      expect.stringMatching(
        /^k\.yaml:5:26 3\.keyId: "a" of this source is listed already at 2\.csv:2:6/,
      ),
    ]);
  });

  test('of a JSON list up to the row that is not JSON', async () => {
    const text =
      '[{"source":"none","keyId":"b"},\n {"source":"prod","keyId":"a"},\n {"source":"prod",},\n {"source":"none","keyId":"c"}]';
    const { mistakes } = await load({ [other]: listed, 'k.json': text });
    expect(mistakes).toEqual([
      'k.json:3:19 (file): this is not valid JSON',
      expect.stringMatching(/^k\.json:1:12 0\.source: there is no source "none"/),
      expect.stringMatching(
        /^k\.json:2:27 1\.keyId: "a" of this source is listed already at 2\.csv:2:6/,
      ),
    ]);
  });
});

describe('an id with a character that nobody sees is refused, with its code point and place', () => {
  test.each([
    ['\u200b', 'U+200B, an invisible character'],
    ['\u00ad', 'U+00AD, an invisible character'],
    ['\ufeff', 'U+FEFF, an invisible character'],
    ['\u202e', 'U+202E, an invisible character'],
    ['\u2060', 'U+2060, an invisible character'],
    ['\ufe0f', 'U+FE0F, an invisible character'],
    ['\u3164', 'U+3164, an invisible character'],
    ['\u{e0041}', 'U+E0041, an invisible character'],
    ['\u06dd', 'U+06DD, an invisible character'],
    ['\ufff9', 'U+FFF9, an invisible character'],
    ['\u00a0', 'U+00A0, a space of another kind'],
    ['\u2028', 'U+2028, a space of another kind'],
    ['\u0007', 'U+0007, a control character'],
    ['\u0085', 'U+0085, a control character'],
  ])('%j', async (sign, words) => {
    for (const id of [`${sign}key`, `k${sign}ey`, `key${sign}`]) {
      const message = `must not hold ${words}`;
      expect((await csv(`source,key_id\nprod,${id}\n`)).mistakes).toEqual([
        `k.csv:2:6 key_id: ${message}`,
      ]);
      expect((await csv(`key_id,source\nk,${id}\n`)).mistakes).toEqual([
        `k.csv:2:3 source: ${message}`,
      ]);
      const [source, keyId] = [JSON.stringify(id), JSON.stringify(id)];
      expect((await json(`[{"source":"prod","keyId":${keyId}}]`)).mistakes).toEqual([
        `k.json:1:27 0.keyId: ${message}`,
      ]);
      expect((await yaml(`- { keyId: k, source: ${source} }`)).mistakes).toEqual([
        `k.yaml:1:23 0.source: ${message}`,
      ]);
    }
  });

  test('ids in other scripts and with blanks inside are taken', async () => {
    const ids = ['schl\u00fcssel 1', '\u30ad\u30fc', 'k\u0301', '\u{1f511}'];
    const { keys } = await csv(`source,key_id\n${ids.map((id) => `prod,${id}\n`).join('')}`);
    expect(keys.map(({ keyId }) => keyId)).toEqual(ids);
  });
});

describe('a file that is changed while it is read', () => {
  /** Sources of which the first look, or each look, changes the file. */
  const changing = async (change: (file: string, looks: number) => void) => {
    const cwd = mkdtempSync(join(tmpdir(), 'keysweep-inventory-'));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    const file = join(cwd, 'k.csv');
    writeFileSync(file, 'source,key_id\nprod,a\nprod,b\n');
    let looks = 0;
    const sources = new Set(['prod']);
    sources.has = () => {
      looks += 1;
      change(file, looks);
      return true;
    };
    const read = await readInventory([file], { sources, cwd });
    return { ...read, ids: (await collectKeys(read.keys)).map(({ keyId }) => keyId) };
  };

  test('is read again, so that no key is of another version than the others', async () => {
    const { ids, unreadable } = await changing((file, looks) => {
      if (looks === 1) writeFileSync(file, 'source,key_id\nprod,c\n');
    });
    expect([ids, [...unreadable]]).toEqual([['c'], []]);
  });

  test('and was replaced by another is read again as well', async () => {
    const { ids } = await changing((file, looks) => {
      if (looks > 1) return;
      writeFileSync(`${file}.new`, 'source,key_id\nprod,d\n');
      renameSync(`${file}.new`, file);
    });
    expect(ids).toEqual(['d']);
  });

  test('is refused if that does not end', async () => {
    const { unreadable } = await changing((file, looks) => {
      appendFileSync(file, `prod,more-${looks}\n`);
    });
    expect([...unreadable]).toEqual([[0, 'cannot be read: it changes while it is read']]);
  });
});
