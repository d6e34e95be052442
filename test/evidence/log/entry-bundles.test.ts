import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeBundle, parseBundle } from '../../../src/evidence/log/entry-bundles.ts';

test('writes the length of each entry in two bytes before it', () => {
  const bundle = encodeBundle([Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(258, 7)]);
  expect(bundle.subarray(0, 8).toString('hex')).toBe('0002616200000102');
  expect(bundle).toHaveLength(2 + 2 + 2 + 2 + 258);
});

test('reads back what it wrote', () => {
  const entries = fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 20 });
  fc.assert(
    fc.property(entries, (list) => {
      const read = parseBundle(encodeBundle(list), list.length, 'bundle');
      expect(read.map((entry) => entry.toString('hex'))).toEqual(
        list.map((entry) => Buffer.from(entry).toString('hex')),
      );
    }),
  );
});

test('an entry has at most 65,535 bytes', () => {
  expect(parseBundle(encodeBundle([Buffer.alloc(65_535)]), 1, 'bundle')[0]).toHaveLength(65_535);
  expect(() => encodeBundle([Buffer.alloc(1), Buffer.alloc(65_536)])).toThrow(
    'entry 1 of the bundle: has 65536 bytes, more than 65535',
  );
});

test.each([
  ['000161', 2, 'has 1 entries, not 2'],
  ['000161000162', 1, 'has bytes behind its 1 entries'],
  ['0001610002', 2, 'ends within entry 1'],
  ['00016100', 2, 'ends within entry 1'],
  ['000161000262', 2, 'ends within entry 1'],
  ['00', 0, 'has bytes behind its 0 entries'],
])('refuses the bytes %s as %i entries: %s', (hex, width, message) => {
  const read = () => parseBundle(Buffer.from(hex, 'hex'), width, 'tile/entries/000.p/2');
  expect(read).toThrow(`tile/entries/000.p/2: ${message}`);
});
