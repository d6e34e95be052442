import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEvents } from '../../bench/support/scaling/events.ts';

function run(instants: readonly number[]): readonly (readonly [at: number, asked: number])[] {
  const events = createEvents();
  const seen: [number, number][] = [];
  for (const [asked, at] of instants.entries())
    events.at(at, () => seen.push([events.now(), asked]));
  while (events.next());
  return seen;
}

test('happen in the order of their instants, and equal ones in the order of asking', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (instants) => {
      const expected = instants
        .map((at, asked) => [at, asked] as const)
        .sort(([one, first], [other, second]) => one - other || first - second);
      expect(run(instants)).toEqual(expected);
    }),
  );
});

test('that begin others let those follow in their turn', () => {
  const events = createEvents();
  const seen: number[] = [];
  events.at(1, () => events.at(2, () => seen.push(2)));
  events.at(3, () => seen.push(3));
  while (events.next());
  expect(seen).toEqual([2, 3]);
});

test('end at an instant, which still counts', () => {
  const events = createEvents();
  const seen: number[] = [];
  for (const at of [1, 2, 3]) events.at(at, () => seen.push(at));
  while (events.next(2));
  expect(seen).toEqual([1, 2]);
});
