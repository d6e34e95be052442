import { expect, test } from 'vitest';
import { escapeText } from '../../src/text/escape-text.ts';

test('makes U+0000 visible', () => {
  expect(escapeText('a\u0000b\u0000')).toBe('a\\u0000b\\u0000');
});

test('makes lone surrogates visible, first and last of a pair alike', () => {
  expect(escapeText('\ud800x\udfff')).toBe('\\ud800x\\udfff');
  expect(escapeText('\ude00\ud83d')).toBe('\\ude00\\ud83d');
});

test('leaves everything else as it is', () => {
  const text = 'Zürich 😀 \\u0041 \t\n\u0001\u007f‮';
  expect(escapeText(text)).toBe(text);
});
