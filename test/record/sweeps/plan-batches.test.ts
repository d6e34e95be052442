import { expect, test } from 'vitest';
import { planBatches, spreadSources } from '../../../src/record/sweeps/plan-batches.ts';

const keysOf = (source: string, count: number) =>
  Array.from({ length: count }, (_, id) => ({ id, source, entry: 1 }));

test('a batch has 200 keys at most, of one source', () => {
  const batches = planBatches([...keysOf('a', 401), ...keysOf('b', 1)]);
  expect(batches.map(({ batch, keys }) => [batch, keys[0]?.source, keys.length])).toEqual([
    [0, 'a', 200],
    [1, 'a', 200],
    [2, 'a', 1],
    [3, 'b', 1],
  ]);
});

test('every source has its share of the order at any time', () => {
  const batches = planBatches([...keysOf('large', 8_000), ...keysOf('small', 2_000)]);
  const order = spreadSources(batches);
  expect(order.map(({ batch }) => batch).sort((a, b) => a - b)).toEqual(
    batches.map(({ batch }) => batch),
  );
  for (let done = 5; done <= order.length; done += 5) {
    const small = order.slice(0, done).filter(({ keys }) => keys[0]?.source === 'small').length;
    expect(Math.abs(small - done / 5)).toBeLessThanOrEqual(1);
  }
});

test('the batches of one source keep their order', () => {
  const order = spreadSources(planBatches([...keysOf('a', 900), ...keysOf('b', 500)]));
  const ofA = order.filter(({ keys }) => keys[0]?.source === 'a').map(({ batch }) => batch);
  expect(ofA).toEqual([0, 1, 2, 3, 4]);
});
