import { describe, expect, test } from 'vitest';
import {
  type Ended,
  firstWindow,
  planWindow,
  type WindowState,
} from '../../../src/sources/http/plan-window.ts';

const most = 100;
const quick: Ended = { ms: 50, isOverloaded: false, isFull: true };
const refused: Ended = { ms: 1, isOverloaded: true, isFull: true };
/** One that has been cut before, and knows what answers take. */
const from: WindowState = {
  ...firstWindow(most),
  ...{ usualMs: 50, quickMs: 50, answers: 20, tooMuch: 1_000 },
};

/** The window after `count` requests that ended alike, a millisecond apart. */
function endedBy(count: number, ended: Ended, state: WindowState, since = 0): WindowState {
  let window = state;
  for (let n = 1; n <= count; n += 1) window = planWindow(window, ended, { most, now: since + n });
  return window;
}

/** A vendor with so many places, and a line for the rest: the sizes of the window it leads to. */
function sizesAt(places: number, serviceMs: number, rounds: number, state = firstWindow(most)) {
  let [window, now] = [state, 0];
  const sizes: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const underWay = Math.max(1, Math.floor(window.size));
    const ms = serviceMs * Math.max(1, underWay / places);
    for (let one = 0; one < underWay; one += 1) {
      now += ms / underWay;
      window = planWindow(window, { ...quick, ms }, { most, now });
    }
    sizes.push(window.size);
  }
  return { window, sizes };
}

test('begins with ten, or with fewer where no more are allowed', () => {
  expect(firstWindow(100).size).toBe(10);
  expect(firstWindow(3).size).toBe(3);
});

test('admits twice as many each round trip at first', () => {
  expect(endedBy(10, quick, firstWindow(most)).size).toBe(20);
  expect(endedBy(1_000, quick, firstWindow(most)).size).toBe(most);
});

test('admits one more a round trip once it has been too much, up to the most', () => {
  expect(endedBy(10, quick, from).size).toBeCloseTo(11, 1);
  expect(endedBy(10_000, quick, from).size).toBe(most);
});

test('grows slowly near a size that was too much', () => {
  expect(endedBy(10, quick, { ...from, tooMuch: 11 }).size).toBeCloseTo(10.1, 1);
});

test('grows by one a round trip after an outage: one request was not too much', () => {
  const outage = endedBy(10_000, refused, from);
  expect(outage.size).toBe(1);
  const { size } = endedBy(1_000, quick, outage, 10_000);
  expect(size).toBeGreaterThan(40);
  expect(size).toBeLessThan(50);
});

test('admits no more while it is not full: nothing is learned from an idle source', () => {
  expect(endedBy(100, { ...quick, isFull: false }, from).size).toBe(10);
});

describe('admits fewer', () => {
  test('at once when the source is overloaded, and once a round trip at most', () => {
    expect(endedBy(1, refused, from).size).toBeCloseTo(7, 5);
    expect(endedBy(40, refused, from).size).toBeCloseTo(7, 5);
    expect(endedBy(52, refused, from).size).toBeCloseTo(4.9, 5);
    expect(endedBy(10_000, refused, from).size).toBe(1);
  });

  test('when answers take more than twice as long as they did, and not before', () => {
    expect(endedBy(200, { ...quick, ms: 115 }, { ...from, size: 50 }).size).toBeGreaterThan(50);
    expect(endedBy(600, { ...quick, ms: 200 }, { ...from, size: 50 }).size).toBeLessThan(25);
  });

  test('after answers that differ only by what a busy machine adds, not', () => {
    const instant = { ...from, quickMs: 1, usualMs: 1 };
    expect(endedBy(200, { ...quick, ms: 15 }, instant).size).toBeGreaterThan(10);
  });

  test('after a few answers that are much quicker than the usual ones, not', () => {
    const once = endedBy(1, { ...quick, ms: 1 }, from);
    expect(endedBy(500, quick, once).size).toBeGreaterThan(from.size);
  });
});

test('a refusal tells nothing of what an answer takes', () => {
  expect(endedBy(100, refused, from)).toMatchObject({ usualMs: 50, quickMs: 50 });
});

test.each([10, 40])(
  'keeps a vendor with %i places busy, and its line short, for long',
  (places) => {
    const { sizes } = sizesAt(places, 50, 5_000);
    for (const size of sizes.slice(100)) {
      expect(size).toBeGreaterThan(0.9 * places);
      expect(size).toBeLessThan(4 * places);
    }
  },
);

test('follows a vendor whose places are halved', () => {
  const { window } = sizesAt(40, 50, 200);
  const { sizes } = sizesAt(20, 50, 500, { ...window, cutAt: 0 });
  for (const size of sizes.slice(50)) {
    expect(size).toBeGreaterThan(18);
    expect(size).toBeLessThan(70);
  }
});

test('a way to the vendor that has become longer is the usual way after a while', () => {
  const longer = endedBy(20_000, { ...quick, ms: 200 }, from);
  expect(longer.quickMs).toBeCloseTo(200);
  expect(endedBy(5_000, { ...quick, ms: 200 }, longer, 20_000).size).toBeGreaterThan(30);
});
