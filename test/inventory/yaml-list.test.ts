import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/documents/yaml-document.ts';
import { readYamlList } from '../../src/inventory/yaml-list.ts';

/** What the reader that knows all of YAML makes of the whole text; undefined when it refuses. */
function readAtOnce(text: string) {
  const read = readYaml(text);
  if (!read.ok) return undefined;
  const value = read.document.toValue();
  return Array.isArray(value) ? { rows: value, locate: read.document.locate } : undefined;
}

function readByRows(text: string) {
  const rows: unknown[] = [];
  const list = readYamlList(Buffer.from(text));
  list.each((row) => rows.push(row));
  return { rows, faults: list.faults, locate: list.locate };
}

function expectTheSameRows(text: string) {
  const atOnce = readAtOnce(text);
  const byRows = readByRows(text);
  if (atOnce === undefined) {
    expect(byRows.faults).not.toEqual([]);
    return;
  }
  expect(byRows.faults).toEqual([]);
  expect(byRows.rows).toStrictEqual(atOnce.rows);
}

function expectTheSamePlaces(text: string) {
  const atOnce = readAtOnce(text);
  const byRows = readByRows(text);
  for (const [row, value] of (atOnce?.rows ?? []).entries()) {
    const fields = typeof value === 'object' && value !== null ? Object.keys(value) : [];
    for (const path of [[], ['none'], ...fields.map((field) => [field]), ['tags', 1]]) {
      for (const aim of ['key', 'value'] as const) {
        expect(byRows.locate(row, path, aim)).toEqual(atOnce?.locate([row, ...path], aim));
      }
    }
  }
}

/** Words that YAML reads as something else, or nearly; and signs that mean something to it. */
const odd =
  `null|Null|~|true|False|yes|5|-5|+5|0x1f|0o7|08|1e5|1_0|.5|5.|5.5|.inf|-.INF|.nan|<<|=|!!str x
2026-01-31|12:30|1e5-4f89|0b1|a: b|a:b|a :b|a:|:a|a #b|a#b|#a|# a|- a|-|-a|? a|?a|*|*a|&a b|&a|R&D|R &D
customers:*|O'Brien|'|"|''|"a"b|"a" b|'it''s'|"a\\"b"|"\\u00e9"|"\\x41"|"a: b"|'#a'|"a #b"|"a, b"|"a'b"|>|%a
@a|\`a|[|]|{|}|[]|[ ]|{}|[a, b]|[a,b,]|[,]|[[a]]|["a", 'b']|[a #b]|["a #b"]|["a] #b"]|[a: b]|[a:]|[a:,b]
[~]|[5]|[ a ,b ]|[a]b|[a] b|{ a: b }|a, b|a ,b|a,b|a:,b|a,|,a|,|a  b|a\tb|\ta|a\t|é|ß ü|日本|😀|\u00a0a|a\u00a0
a\u2028b|a\u3000|\ufeffa|a\u0085b|a\u007f|"a\tb"|---|--- a|---a|...|... # a|%YAML 1.1|a\rb|a\r|/a|$a|(a)|_a|.a
prod|a b|payments:read|"a"|'a'|a-|a?|a!|a|keyId: a|"keyId": a|"keyId" : a|'keyId': a|keyId:a|- keyId: a`
    .split(/[|\n]/)
    .concat('', ' ', '|', '|-', 'a|b');
const word = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('prod', 'key_1', 'payments:read', '3f2504e0-4f89', 'a b'),
  },
  { weight: 2, arbitrary: fc.constantFrom(...odd) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom(...'ab1é -:#,[]{}\'"&*!|>%@?.~\\\t\n\r') }),
  },
);
const name = fc.constantFrom(
  ...[
    'source',
    'keyId',
    'owner',
    'environment',
    'approvedScopes',
    'tags',
    '"keyId"',
    "'tags'",
    'x',
  ],
);
const end = fc.constantFrom(
  '\n',
  '\n',
  '\n',
  '\r\n',
  ' # said\n',
  '  \n',
  '\n\n',
  '\n# said\n',
  '\t\n',
);

const entries = fc.tuple(fc.constantFrom('    ', '  ', '   ', ' '), fc.array(fc.tuple(word, end)));
const blockField = fc
  .tuple(
    name,
    fc.oneof(
      word.map((said) => ` ${said}`),
      entries,
    ),
    end,
  )
  .map(([key, said, close]) => {
    if (typeof said === 'string') return `${key}:${said}${close}`;
    const [indent, lines] = said;
    return `${key}:${close}${lines.map(([entry, stop]) => `${indent}- ${entry}${stop}`).join('')}`;
  });
const blockRow = fc
  .tuple(fc.constantFrom('- ', '- ', '-   ', '-\n  '), fc.array(blockField, { maxLength: 4 }))
  .map(([dash, fields]) => dash + fields.join(' '.repeat(dash.replace('-\n', '').length)));
const flowField = fc
  .tuple(name, fc.constantFrom(': ', ': ', ':', ' : '), word)
  .map((parts) => parts.join(''));
const flowRow = fc
  .tuple(fc.array(flowField, { maxLength: 4 }), fc.constantFrom(', ', ',', ' , ', ',\n'), end)
  .map(([fields, comma, close]) => `- { ${fields.join(comma)} }${close}`);
const row = fc.oneof(blockRow, flowRow);
const head = fc.constantFrom(
  '',
  '',
  '',
  '# keys\n',
  '---\n',
  '--- # keys\n\n',
  '%YAML 1.2\n---\n',
  '\ufeff',
  ' ',
);

const document = fc
  .tuple(head, fc.array(row, { minLength: 1, maxLength: 4 }))
  .map(([start, rows]) => start + rows.join(''));
/** Something was put in, or cut out, at any place. */
const mangled = fc
  .tuple(
    document,
    fc.nat(400),
    fc.nat(2),
    fc.oneof(word, fc.constantFrom('\n- ', '\n', '  ', '- ')),
  )
  .map(([text, place, cut, put]) => {
    const at = place % (text.length + 1);
    // A character cut in half is not one that a file in UTF-8 can hold.
    return Buffer.from(text.slice(0, at) + put + text.slice(at + cut)).toString();
  });

/** § is where a word is put. */
const places = [
  '- source: §\n',
  '- source: a§\n',
  '- source: a §\r\n  keyId: b\r\n',
  '-   source: a\n    owner: §\n    keyId: b\n- source: c\n',
  '- source: a\n  "owner": §\n',
  '- source: a # §\n',
  '- source: a\n§\n- source: b\n',
  '- source: a\n  §\n- source: b\n',
  '- source: a\n    §\n- source: b\n',
  '- owner:\n  §\n',
  '- §\n  source: a\n',
  '- source: &a b\n- source: *a\n- owner: §',
  '- tags: &a [b, §]\n  approvedScopes: *a\n',
  '- tags:\n    - §\n    - a\n  source: b\n',
  '- tags:\n  - a\n  - §\n  source: b\n',
  '- tags: [§]\n',
  '- tags: [ a, § ]\n',
  '- tags: [a,§,b]\n  source: c\n',
  '- tags: [a, "b", §, \'c\'] # d\n',
  '- { source: § }\n',
  '- {source: §,keyId: a}\n',
  '- { source: a, owner: §, keyId: b } # c\n- d\n',
  '- {"source":§,"keyId":"a"}\n',
  '- {"source" : "a","tags":[§]}\n',
  '- { source: a, tags: [b, §], § }\n',
  '- { source: a§\n',
  '§\n- source: a\n',
  '---§\n- source: a\n',
  '§',
];

test.each(places)('any word in %j says the same in a row read by itself', (place) => {
  for (const word of odd) expectTheSameRows(place.replaceAll('§', () => word));
});

test('indentation says the same in rows read by themselves', () => {
  const lines = ['- a', 'owner: c', '# e', ''].flatMap((said) =>
    [0, 1, 2, 3, 4].map((space) => ' '.repeat(space) + said),
  );
  for (const first of ['- tags:', '-  tags:', '- tags: ~', '-', '- tags: x']) {
    for (const second of lines) {
      for (const third of lines) expectTheSameRows(`${first}\n${second}\n${third}\n`);
    }
  }
});

test('rows read one by one say the same as the document read at once, at the same places', () => {
  const text = fc.oneof(document, mangled);
  fc.assert(
    fc.property(text, (said) => {
      expectTheSameRows(said);
      expectTheSamePlaces(said);
    }),
    { numRuns: 300 },
  );
});

describe('mistakes of several rows are told at once, each at its place', () => {
  const faultsOf = (text: string) =>
    readByRows(text).faults.map(
      ({ line, column, path, message }) => `${line}:${column} ${path.join('.')}: ${message}`,
    );
  test.each([
    [
      '# keys\n\n- source: prod\n  keyId: "a\n- source: prod\n- { keyId: c, keyId: d }\n',
      [
        '4:10 0: this " is not closed: a " is missing before 5:1',
        '6:15 2: this key is given twice',
      ],
    ],
    ['- source: a\n- owner: !!binary b\n', ['2:10 1: tags are not allowed']],
    ['- source: a\n  owner: *b\n', ['2:10 0: this alias names nothing']],
    [
      '# keys\n- source: a\n  owner: @b\n',
      ['3:10 0: ' + 'a value that begins with @, ` or % must stand in quotes'],
    ],
  ])('%j', (text, faults) => expect(faultsOf(text)).toEqual(faults));

  test('after 10,000 the rest is not read', () => {
    expect(faultsOf('- @\n'.repeat(10_010)).length).toBe(10_000);
  });
});

describe('what YAML in full would take too much memory for', () => {
  const most = 8 * 1024 * 1024;
  const faultsOf = (text: string) => readByRows(text).faults.map(({ message }) => message);

  test('a document that must be read at once has at most 8 MB', () => {
    expect(faultsOf('#'.repeat(most))).toEqual(['is empty']);
    expect(faultsOf('#'.repeat(most + 1))[0]).toMatch(/^is larger than 8 MB: then each key must/);
  });

  test('so has a row that is not plain', () => {
    const row = (length: number) => `- "${'a'.repeat(length - 4)}"`;
    expect(faultsOf(row(most))).toEqual([]);
    const list = readByRows(`- source: a\n${row(most + 1)}`);
    expect(list.faults).toEqual([
      { line: 2, column: 1, path: [1], message: 'this key is longer than 8 MB' },
    ]);
  });

  test('rows are read beyond that', () => {
    const text = '- { source: prod, keyId: a }\n'.repeat(300_000);
    expect(text.length).toBeGreaterThan(most);
    let rows = 0;
    readYamlList(Buffer.from(text)).each(() => rows++);
    expect(rows).toBe(300_000);
  });
});
