import { expect, test } from 'vitest';
import { renderHeld } from '../../src/inventory/render-held.ts';

const words = { files: ['keys.csv'], store: 'the embedded store in /srv/.keysweep', tracked: 415 };
const accept =
  'If this is the right file and the right store, accept it: keysweep sweep --replace-inventory';

test('names the files, the store and the command that accepts the inventory', () => {
  expect(renderHeld({ ...words, kept: 12 })).toBe(
    'the inventory (keys.csv) lacks 403 of the 415 tracked keys of the embedded store in /srv/.keysweep, ' +
      `which is more than 30 %. ${accept}`,
  );
  expect(renderHeld({ ...words, kept: 0 })).toBe(
    'the inventory (keys.csv) has no key in common with the 415 tracked keys of the embedded store in ' +
      `/srv/.keysweep. ${accept}`,
  );
});

test('names five files and counts the others', () => {
  const files = Array.from({ length: 7 }, (_, n) => `${n}.csv`);
  expect(renderHeld({ ...words, files, kept: 0 })).toContain(
    '(0.csv, 1.csv, 2.csv, 3.csv, 4.csv and 2 more)',
  );
});
