import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { harmlessText } from '../../../src/alert/render/harmless-text.ts';
import { anyText, dangerous, hidden } from './hostile.ts';

test.each([
  ['<!channel>', '‹!channel›'],
  ['<https://evil.example|Approve>', '‹https[:]//evil.example|Approve›'],
  ['www.evil.example', 'www[.]evil.example'],
  ['MAILTO:a@evil.example', 'MAILTO[:]a@evil.example'],
  ['@here and @channel', '＠here and ＠channel'],
  ['{{DATE(x)}}', '{ {DATE(x)}}'],
  ['{{{', '{ { {'],
  ['\u0024{{x}}', '$ { {x}}'],
  ['two\nlines', 'two\\u{a}lines'],
  ['a\u202eb', 'a\\u{202e}b'],
  [':\ufe0f//', '[:]//'],
  ['@\ufe0fhere', '＠here'],
])('%j is shown as %j', (text, shown) => {
  expect(harmlessText(text, 100)).toBe(shown);
});

test.each([
  ...[
    'prod checkout (EU) R&D',
    'charges:write, customers:*',
    'ann@example.com',
    'ann@herbs',
    'a.b/c',
  ],
  ...['Größe 中文 😀', '*b* _i_ `c`', '{x} $5', 'ratio 3:1', 'C:/keys', ''],
])('%j stays as it is', (text) => {
  expect(harmlessText(text, 100)).toBe(text);
});

describe('a long text', () => {
  test('is whole at its limit and cut one character above it', () => {
    expect(harmlessText('x'.repeat(10), 10)).toBe('x'.repeat(10));
    expect(harmlessText('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  test('is cut if escapes for hidden characters make it long', () => {
    expect(harmlessText('abc\u202edef', 10)).toBe('abc\\u{202…');
  });

  test('is not cut so that a mention begins', () => {
    expect(harmlessText('\u200b@hereby', 14)).toBe('\\u{200b}＠here…');
  });

  test('shows that it was cut even if the rest is short', () => {
    expect(harmlessText('\ufe0f'.repeat(11), 10)).toBe('…');
  });

  test('is not cut within a character', () => {
    expect(harmlessText('😀'.repeat(6), 10)).toBe(`${'😀'.repeat(4)}…`);
    expect(harmlessText('😀'.repeat(6), 11)).toBe(`${'😀'.repeat(5)}…`);
  });
});

test('any text is short, on one line, and holds no link, mention or hidden character', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 300 }), (text, most) => {
      const shown = harmlessText(text, most);
      expect(shown.length).toBeLessThanOrEqual(most);
      expect(shown).not.toMatch(dangerous);
      expect(shown).not.toMatch(hidden);
      expect(shown).not.toContain('\n');
    }),
    { numRuns: 500, endOnFailure: true },
  );
});
