import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/config/yaml-document.ts';

const faultOf = (text: string) => {
  const read = readYaml(text);
  return read.ok ? undefined : read.faults[0]?.message;
};

describe('strict YAML', () => {
  test.each([
    ['? [a]\n: 1\n', 'a key must be text'],
    ['a: !!binary aGk=\n', 'tags are not allowed'],
    ['a: !!timestamp 2026-01-01\n', 'tags are not allowed'],
    ['- &a [*a]\n', 'this alias stands inside what it names'],
    ['a: &a { b: { c: *a } }\n', 'this alias stands inside what it names'],
    ['\ta: 1\n', 'a tab is not allowed as indentation'],
  ])('%j', (text, message) => expect(faultOf(text)).toBe(message));

  test('numbers as keys are text, and dates are not dates', () => {
    const read = readYaml('1: 2027-01-31\nyes: no\n');
    expect(read.ok && read.document.toValue()).toEqual({ 1: '2027-01-31', yes: 'no' });
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
