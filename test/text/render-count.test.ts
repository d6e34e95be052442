import { expect, test } from 'vitest';
import { renderCount } from '../../src/text/render-count.ts';

test('one is one, and all other counts are many', () => {
  expect(renderCount(0, 'key')).toBe('0 keys');
  expect(renderCount(1, 'key')).toBe('1 key');
  expect(renderCount(1.5, 'day')).toBe('1.5 days');
  expect(renderCount(2, 'entry', 'entries')).toBe('2 entries');
});
