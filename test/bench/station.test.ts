import { expect, test } from 'vitest';
import { createStation } from '../../bench/support/scaling/station.ts';

test('does one piece of work after another', () => {
  const station = createStation('one', 1);
  expect(station.serve(0, 10)).toEqual({ start: 0, end: 10 });
  expect(station.serve(4, 10)).toEqual({ start: 10, end: 20 });
  expect(station.serve(25, 10)).toEqual({ start: 25, end: 35 });
});

test('does as many at once as it has servers, and gives the next to the first that is free', () => {
  const station = createStation('two', 2);
  station.serve(0, 10);
  station.serve(0, 4);
  expect(station.serve(0, 10)).toEqual({ start: 4, end: 14 });
});

test('says which share of the time of its servers was work', () => {
  const station = createStation('two', 2);
  station.serve(10, 20);
  station.serve(20, 10);
  expect(station.busyMs()).toBe(30);
  expect(station.useOver(60)).toBeCloseTo(30 / 120);
});

test('waits for a processor that it shares with another station', () => {
  const host = createStation('host', 1);
  const [one, other] = [createStation('one', 1, host), createStation('other', 1, host)];
  one.serve(0, 10);
  expect(other.serve(0, 10)).toEqual({ start: 10, end: 20 });
});

test('keeps as many waiting as the theory of queues says: half the work of one at 50 % use', () => {
  const station = createStation('one', 1);
  // Random arrivals, equal work: the mean wait is work × use / (2 × (1 - use)).
  const [workMs, arrivals] = [10, 200_000];
  let [at, waited, seed] = [0, 0, 1];
  for (let n = 0; n < arrivals; n += 1) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    at += -Math.log((seed + 1) / 2 ** 32) * 20;
    waited += station.serve(at, workMs).start - at;
  }
  expect(waited / arrivals).toBeGreaterThan(0.95 * 5);
  expect(waited / arrivals).toBeLessThan(1.05 * 5);
});
