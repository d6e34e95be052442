import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, matches, overlaps } from '../../../src/evaluate/policy/pattern.ts';

const words = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 7 });
const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 6 });

/** The plainest reading of a pattern, to compare with. */
function plainly(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern[0] !== '*') return pattern[0] === text[0] && plainly(pattern.slice(1), text.slice(1));
  return plainly(pattern.slice(1), text) || (text !== '' && plainly(pattern, text.slice(1)));
}

/** Whether two patterns have a text in common, by walking both at once. */
function commonText(a: string, b: string): boolean {
  if (a === '' && b === '') return true;
  if (a[0] === '*') return commonText(a.slice(1), b) || (b !== '' && commonText(a, b.slice(1)));
  if (b[0] === '*') return commonText(b, a);
  return a !== '' && a[0] === b[0] && commonText(a.slice(1), b.slice(1));
}

describe('a pattern', () => {
  test.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['a*', 'a', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*b*', 'abc', true],
    ['a*bc*c', 'abc', false],
    ['a*b*c', 'a-b-b-c', true],
    ['A', 'a', false],
  ])('%j against %j is %s', (pattern, text, expected) => {
    expect(matches(compilePattern(pattern), text)).toBe(expected);
  });

  test('matches what a naive implementation matches', () => {
    fc.assert(
      fc.property(patterns, words, (pattern, text) => {
        expect(matches(compilePattern(pattern), text)).toBe(plainly(pattern, text));
      }),
      { numRuns: 3_000 },
    );
  });

  test('overlaps another exactly where both match some text', () => {
    fc.assert(
      fc.property(patterns, patterns, (a, b) => {
        expect(overlaps(compilePattern(a), compilePattern(b))).toBe(commonText(a, b));
      }),
      { numRuns: 3_000 },
    );
  });

  test('takes little time on hostile text', () => {
    const stars = compilePattern('*a'.repeat(240));
    const began = performance.now();
    expect(matches(stars, 'a'.repeat(100_000))).toBe(true);
    expect(matches(stars, `${'a'.repeat(100_000)}b`)).toBe(false);
    expect(overlaps(stars, compilePattern('a*'.repeat(100_000)))).toBe(true);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
