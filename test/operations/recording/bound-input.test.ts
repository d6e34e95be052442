import { expect, test } from 'vitest';
import { boundInput } from '../../../src/operations/recording/bound-input.ts';

test('keeps a small input as it is', () => {
  const input = {
    reason: null,
    files: { policy: 'sha256:1', replacesInventory: false },
    keys: [1],
  };
  expect(boundInput(input)).toEqual(input);
});

test('keeps 20 items of a list, and counts the others', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, at) => `id-${at}`);
  expect(boundInput({ ids: ids(20) })).toEqual({ ids: ids(20) });
  expect(boundInput({ ids: ids(22) })).toEqual({ ids: [...ids(20), '… and 2 more'] });
});

test('cuts texts to 200 characters', () => {
  expect(boundInput({ reason: 'x'.repeat(200) })).toEqual({ reason: 'x'.repeat(200) });
  expect(boundInput({ reason: 'x'.repeat(201) })).toEqual({ reason: `${'x'.repeat(200)}…` });
});

test('keeps at most 4,000 characters, whatever the input is', () => {
  const keys = Array.from({ length: 10_000 }, () => ({ source: 'ä'.repeat(999), keyId: 'k' }));
  const kept = boundInput({ keys });
  expect(JSON.stringify(kept).length).toBeLessThanOrEqual(4_000);
  expect(JSON.stringify(kept)).toContain('more');
  let deep: object = { end: 1 };
  for (let depth = 0; depth < 10_000; depth += 1) deep = { deep };
  expect(JSON.stringify(boundInput(deep)).length).toBeLessThan(100);
  const wide = Object.fromEntries(Array.from({ length: 999 }, (_, at) => [`${at}`.repeat(99), at]));
  expect(JSON.stringify(boundInput(wide)).length).toBeLessThanOrEqual(4_000);
});

test('keeps no secret and nothing that the database refuses', () => {
  const nul = String.fromCharCode(0);
  expect(boundInput({ apiToken: 'abc', by: `a${nul}\ud800` })).toEqual({
    apiToken: '(hidden)',
    by: 'a\\u0000\\ud800',
  });
});
