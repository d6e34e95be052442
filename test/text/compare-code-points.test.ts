import { expect, test } from 'vitest';
import { compareCodePoints } from '../../src/text/compare-code-points.ts';

test('texts are ordered as their bytes in UTF-8 are', () => {
  const texts = [
    '',
    'a',
    'ab',
    'b',
    'B',
    'é',
    'z\u0301',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '🔑',
    '🔑a',
  ];
  for (const one of texts) {
    for (const other of texts) {
      const bytes = Buffer.compare(Buffer.from(one), Buffer.from(other));
      expect(Math.sign(compareCodePoints(one, other))).toBe(bytes);
    }
  }
});
