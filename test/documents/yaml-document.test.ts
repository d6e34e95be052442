import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/documents/yaml-document.ts';

const placedFaultOf = (text: string) => {
  const read = readYaml(text);
  if (read.ok) return undefined;
  const [fault, ...others] = read.faults;
  expect(others).toEqual([]);
  return fault && `${fault.line}:${fault.column} ${fault.message}`;
};
const faultOf = (text: string) => {
  const read = readYaml(text);
  return read.ok ? undefined : read.faults[0]?.message;
};

const noMergeKeys =
  'merge keys are not allowed; write the keys out, or use an alias (*name) for a whole value';

describe('strict YAML', () => {
  test.each([
    ['? [a]\n: 1\n', 'a key must be text'],
    ['a: !!binary aGk=\n', 'tags are not allowed'],
    ['a: !!timestamp 2026-01-01\n', 'tags are not allowed'],
    ['- &a [*a]\n', 'this alias stands inside what it names'],
    ['a: &a { b: { c: *a } }\n', 'this alias stands inside what it names'],
    ['\ta: 1\n', 'a tab is not allowed as indentation; use spaces'],
    ['a: &a { b: 1 }\nc:\n  <<: *a\n', noMergeKeys],
    ['a: &a { b: 1 }\nc: { <<: [*a], d: 1 }\n', noMergeKeys],
    ['<<: { a: 1 }\n', noMergeKeys],
  ])('%j', (text, message) => expect(faultOf(text)).toBe(message));

  test('a quoted << is a key like others, and a text', () => {
    const read = readYaml('"<<": 1\na: <<\n');
    expect(read.ok && read.document.toValue()).toEqual({ '<<': 1, a: '<<' });
  });

  test('numbers as keys are text, and dates are not dates', () => {
    const read = readYaml('1: 2027-01-31\nyes: no\n');
    expect(read.ok && read.document.toValue()).toEqual({ 1: '2027-01-31', yes: 'no' });
  });
});

describe('what is not YAML is told in words that say how to mend it', () => {
  test.each([
    ['s:\n  - { id: x, type: y\nb: 2\n', '2:5 this { is not closed: a } is missing before 3:1'],
    ['a: { id: x\n', '1:4 this { is not closed: a } is missing before 2:1'],
    ['{a: 1\n', '1:1 this { is not closed: a } is missing before 2:1'],
    ['a: [[1],[2\nb: 3\n', '1:9 this [ is not closed: a ] is missing before 2:1'],
    ['a: [ {x: 1, y: 2 ]\nb: 1\n', '1:6 this { is not closed: a } is missing before 1:18'],
    ['a: "open\nb: 2\n', '1:4 this " is not closed: a " is missing before 3:1'],
    ["x: {a: 'b }\nc: 2\n", "1:8 this ' is not closed: a ' is missing before 3:1"],
    ['a:\n  b: [\n    1\n ]\n', '4:2 this bracket must be indented further than the key it'],
    ['a:\n  b: 1\n c: 2\n', '3:1 the indentation is wrong: it must be that of'],
    ['a: {x: 1 y: 2}\n', '1:8 between entries inside brackets there must be a comma'],
    ['a: b: c\n', '1:4 a value that holds a colon and a space must stand in quotes'],
    ['a: 1\n  b: 2\n', '1:4 a value that holds a colon and a space must stand in quotes; or'],
    ['a: 1\nother\n', '2:1 after a key there must be a colon and a space'],
    ['a b\nc: 1\n', '1:1 after a key there must be a colon and a space, on its line'],
    ['a: @x\n', '1:4 a value that begins with @, ` or % must stand in quotes'],
    ['a: {a: 1}}\n', '1:10 this bracket has no opening bracket'],
    ["a: 'it's'\n", '1:8 this does not belong here: a quote, a comma or the indentation'],
  ])('%j', (text, message) => {
    expect(placedFaultOf(text)?.slice(0, message.length)).toBe(message);
  });
});

describe('places', () => {
  const read = readYaml('# head\na:\n  - b: 1\n    c: &x { d: 2 }\n  - *x\n');
  const at = (path: (string | number)[], aim?: 'key' | 'value') =>
    read.ok && Object.values(read.document.locate(path, aim)).join(':');

  test('of values and of their keys', () => {
    expect(at(['a', 0, 'b'])).toBe('3:8');
    expect(at(['a', 0, 'b'], 'key')).toBe('3:5');
  });

  test('of what an alias names', () => expect(at(['a', 1, 'd'])).toBe('4:16'));

  test('of what should hold a value that is missing: its key, or its first line in a list', () => {
    expect(at(['a', 0, 'z'])).toBe('3:5');
    expect(at(['a', 0, 'c', 'z', 'y'])).toBe('4:5');
    expect(at(['z'])).toBe('2:1');
  });
});
