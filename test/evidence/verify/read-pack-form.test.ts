import { expect, test } from 'vitest';
import { tryParse } from '../../../src/evidence/verify/read-pack-form.ts';

test('no text of over 64 MiB is parsed whole', () => {
  const text = ' '.repeat(64 * 1024 * 1024);
  expect(tryParse(text, () => 'read')).toBe('read');
  expect(tryParse(`${text} `, () => 'read')).toBeUndefined();
});
