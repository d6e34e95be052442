import { describe, expect, test } from 'vitest';
import { readYamlList } from '../../src/inventory/yaml-list.ts';

const faultsOf = (text: string) =>
  readYamlList(Buffer.from(text)).faults.map(
    ({ line, column, path, message }) => `${line}:${column} ${path.join('.')}: ${message}`,
  );

describe('mistakes of several rows are told at once, each at its place', () => {
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

test.each([
  ['- owner: &a b\n- owner: *a\n- owner: @b\n', ['3:10 : a value that begins with @, ` or %']],
  ['[{ owner: a },\n { owner: @b }]\n', ['2:11 : a value that begins with @, ` or %']],
])('a row that means nothing by itself is not read by itself: %j', (text, faults) => {
  expect(faultsOf(text).map((fault) => fault.slice(0, faults[0]?.length))).toEqual(faults);
});
