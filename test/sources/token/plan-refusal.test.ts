import { expect, test } from 'vitest';
import {
  noRefusal,
  planAccepted,
  planRefusal,
  type RefusalState,
} from '../../../src/sources/token/plan-refusal.ts';

const after = (keys: readonly string[], fresh: boolean, from: RefusalState) => {
  const steps: string[] = [];
  let state = from;
  for (const key of keys) {
    const planned = planRefusal(state, { key, fresh });
    state = planned.state;
    steps.push(planned.step);
  }
  return { state, steps };
};
const { state: renewed } = after(['a'], false, noRefusal);
const { state: inVain } = after(['a'], true, renewed);

test('the first 401 of a sweep renews, also where another sweep has renewed the token', () => {
  expect(planRefusal(noRefusal, { key: 'a', fresh: false }).step).toBe('renew');
  expect(planRefusal(noRefusal, { key: 'a', fresh: true }).step).toBe('renew');
});

test('the third different key in a row under a renewed token is the source’s refusal', () => {
  expect(after(['a', 'b', 'c'], true, renewed).steps).toEqual(['key', 'key', 'source']);
});

test('one key that is refused again and again stays one key', () => {
  expect(after(['a', 'b', 'a', 'b', 'a'], true, renewed).steps).not.toContain('source');
});

test('an answer in between starts the row anew', () => {
  const two = after(['a', 'b'], true, renewed).state;
  expect(after(['c', 'd', 'e'], true, planAccepted(two, false)).steps).toEqual([
    'key',
    'key',
    'source',
  ]);
});

test('a renewal that helped may be repeated; after one in vain it takes three keys in a row', () => {
  expect(planRefusal(planAccepted(renewed, true), { key: 'b', fresh: false }).step).toBe('renew');
  const worked = planAccepted(inVain, false);
  expect(after(['b', 'c', 'd'], false, worked).steps).toEqual(['key', 'key', 'renew']);
  expect(after(['b', 'b', 'b', 'c'], false, worked).steps).not.toContain('renew');
});
