import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeText } from '../../src/report/safe-text.ts';
import { clip, displayWidth, pad } from '../../src/report/table/display-width.ts';
import { wrap } from '../../src/report/table/wrap.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });

describe('text of a stranger', () => {
  test.each([
    ['plain text', 'plain text'],
    ['\u001b[31mred', '\\u{1b}[31mred'],
    ['a\r\nb\tc', 'a\\u{d}\\u{a}b\\u{9}c'],
    ['\u009b2J', '\\u{9b}2J'],
    ['\u202eexe', '\\u{202e}exe'],
    ['a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800x', '\\u{d800}x'],
    ['a\u00a0b\u3000c', 'a b c'],
    ['支払い 🔑', '支払い 🔑'],
  ])('%j is shown as %j', (text, shown) => {
    expect(safeText(text)).toBe(shown);
  });

  test('keeps three marks upon a letter and no tower of them', () => {
    expect(safeText(`a${'\u0301'.repeat(500)}b`)).toBe(`a${'\u0301'.repeat(3)}b`);
  });

  test('is cut before it is looked at', () => {
    expect(safeText('x'.repeat(1_000_000))).toHaveLength(2_000);
    expect(safeText('\u001b'.repeat(1_000_000)).length).toBeLessThan(20_000);
  });

  test('never keeps what moves, hides or reorders', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(safeText(text)).not.toMatch(/\p{C}|\p{Zl}|\p{Zp}/u);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the width of text', () => {
  test.each([
    ['abc', 3],
    ['', 0],
    ['支払い', 6],
    ['ｆｕｌｌ', 8],
    ['🔑', 2],
    ['👍🏽', 2],
    ['🇯🇵', 2],
    ['❤️', 2],
    ['é', 1],
    ['e\u0301', 1],
    ['한글', 4],
    ['Ωж', 2],
  ])('%s takes %i columns', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('a clipped text ends in an ellipsis and fits', () => {
    expect(clip('abcdef', 6)).toBe('abcdef');
    expect(clip('abcdefg', 6)).toBe('abcde…');
    expect(clip('支払い', 5)).toBe('支払…');
    expect(clip('支払い', 4)).toBe('支…');
  });

  test('padding aligns wide text', () => {
    expect(displayWidth(pad('支払い', 10))).toBe(10);
  });

  test('clipped, padded and wrapped text keeps its bounds, whatever it is', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const safe = safeText(text);
        expect(displayWidth(pad(clip(safe, width), width))).toBe(width);
        for (const line of wrap(safe, width)) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('wrapped text', () => {
  test('breaks at spaces, and inside a word only where it must', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('a abcdefghij b', 4)).toEqual(['a', 'abcd', 'efgh', 'ij b']);
  });

  test('has one line for nothing', () => {
    expect(wrap('', 10)).toEqual(['']);
  });

  test('comes to an end where a wide letter does not fit', () => {
    expect(wrap('支払', 1)).toEqual(['支', '払', '']);
  });
});
