import { expect, test } from 'vitest';
import { contradictory, readVendorFields } from '../../src/keys/vendor-fields.ts';

test('a field spelled twice alike is that value', () => {
  expect(readVendorFields({ lastUsed: 'a', last_used: 'a' }).get('lastused')).toBe('a');
  expect(readVendorFields({ scopes: ['a'], Scopes: ['a'] }).get('scopes')).toEqual(['a']);
});

test('a field spelled twice and not alike is contradictory', () => {
  expect(readVendorFields({ lastUsed: 'a', last_used: 'b' }).get('lastused')).toBe(contradictory);
  expect(readVendorFields({ scopes: ['a'], Scopes: ['a', 'b'] }).get('scopes')).toBe(contradictory);
});

test('however deep a field is, it is compared without harm', () => {
  const deep = () => JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  expect(readVendorFields({ x: deep(), X: deep() }).get('x')).toBe(contradictory);
});
