import { describe, expect, test } from 'vitest';
import {
  firstWindow,
  planWindow,
  type WindowState,
} from '../../../src/sources/http/plan-window.ts';

const most = 100;
const quick = { ms: 50, isOverloaded: false, isFull: true };
const from = { ...firstWindow(most), quickMs: 50, usualMs: 50, at: 0 };

/** The window after `count` requests that ended alike, a millisecond apart. */
function endedBy(count: number, ended: typeof quick, state: WindowState): WindowState {
  let window = state;
  for (let n = 1; n <= count; n += 1)
    window = planWindow(window, ended, { most, now: state.at + n });
  return window;
}

test('begins with ten, or with fewer where no more are allowed', () => {
  expect(firstWindow(100).size).toBe(10);
  expect(firstWindow(3).size).toBe(3);
});

test('admits one more a round trip while answers are quick, up to the most', () => {
  expect(endedBy(10, quick, from).size).toBeCloseTo(11, 1);
  expect(endedBy(10_000, quick, from).size).toBe(most);
});

test('admits no more while it is not full: nothing is learned from an idle source', () => {
  expect(endedBy(100, { ...quick, isFull: false }, from).size).toBe(10);
});

describe('admits fewer', () => {
  test('at once when the source is overloaded, and once a round trip at most', () => {
    const refused = { ...quick, isOverloaded: true };
    expect(endedBy(1, refused, from).size).toBeCloseTo(7, 5);
    expect(endedBy(40, refused, from).size).toBeCloseTo(7, 5);
    expect(endedBy(52, refused, from).size).toBeCloseTo(4.9, 5);
    expect(endedBy(10_000, refused, from).size).toBe(1);
  });

  test('when answers take more than twice as long as quick ones, and not before', () => {
    expect(endedBy(200, { ...quick, ms: 115 }, { ...from, size: 50 }).size).toBeGreaterThan(50);
    expect(endedBy(1_000, { ...quick, ms: 200 }, { ...from, size: 50 }).size).toBeLessThan(15);
  });

  test('after answers that differ only by what a busy machine adds, not', () => {
    const instant = { ...from, quickMs: 1, usualMs: 1 };
    expect(endedBy(200, { ...quick, ms: 15 }, instant).size).toBeGreaterThan(10);
  });
});

test('a way to the vendor that has become longer is the usual way after a while', () => {
  const longer = endedBy(300_000, { ...quick, ms: 150 }, from);
  expect(longer.quickMs).toBe(150);
  expect(endedBy(500, { ...quick, ms: 150 }, longer).size).toBeGreaterThanOrEqual(longer.size);
});
