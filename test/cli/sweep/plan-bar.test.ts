import { expect, test } from 'vitest';
import { planBar } from '../../../src/cli/sweep/plan-bar.ts';

const at = (columns: number, ...wordings: [string, ...string[]]) =>
  planBar({ done: 11, total: 12 }, wordings, columns);
const waits = '1 key is asked again in 8 s: key_always_fails, HTTP 500';
const shorter = '1 key again in 8 s: HTTP 500';

test('a wide terminal shows the bar, the count and the words', () => {
  expect(at(80, '8 s')).toEqual({ cells: 30, filled: 27, count: '11/12 keys', words: '8 s' });
});

test('the bar shrinks, then goes, then the count, and words are cut last', () => {
  expect(at(80, waits)).toEqual({ cells: 11, filled: 10, count: '11/12 keys', words: waits });
  expect(at(74, waits)).toMatchObject({ cells: 5, count: '11/12 keys', words: waits });
  expect(at(73, waits)).toMatchObject({ cells: 0, count: '11/12 keys', words: waits });
  expect(at(68, waits)).toMatchObject({ cells: 0, count: '11/12 keys', words: waits });
  expect(at(67, waits)).toEqual({ cells: 0, filled: 0, count: '', words: waits });
  expect(at(56, waits, shorter)).toMatchObject({ count: '', words: waits });
  expect(at(55, waits, shorter)).toMatchObject({ count: '11/12 keys', words: shorter });
  expect(at(40, waits, shorter)).toMatchObject({ count: '', words: shorter });
  expect(at(20, waits, shorter)).toMatchObject({ count: '', words: '1 key again in 8 s…' });
});

test.each([10, 20, 40, 80, 200])('a line of %i columns never wraps', (columns) => {
  for (const words of ['8 s', waits]) {
    const line = at(columns, words);
    const bar = line.cells === 0 ? 0 : line.cells + 1;
    const count = line.count === '' ? 0 : line.count.length + 2;
    expect(bar + count + line.words.length).toBeLessThan(columns);
  }
});

test('an empty sweep is no division by zero', () => {
  expect(planBar({ done: 0, total: 0 }, ['0 s'], 80).filled).toBe(0);
  expect(planBar({ done: 0, total: 1 }, ['0 s'], 80).count).toBe('0/1 key');
});
