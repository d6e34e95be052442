import { expect, test } from 'vitest';
import { createCutter } from '../../../src/alert/plan/cut-into-parts.ts';
import type { EventKind } from '../../../src/alert/plan/event-kinds.ts';

const event = (kind: EventKind, fingerprint: string | number) => ({
  kind,
  finding: { fingerprint: String(fingerprint) },
});
const opened = (count: number) => Array.from({ length: count }, (_, n) => event('opened', n));
function cut(
  events: readonly ReturnType<typeof event>[],
  most: number,
  fits: (part: readonly ReturnType<typeof event>[]) => boolean,
): readonly number[] {
  const cutter = createCutter(most, fits);
  for (const one of events) cutter.take(one);
  return cutter.end();
}
const always = () => true;

test('makes no part if there are no events', () => {
  expect(cut([], 100, always)).toEqual([]);
});

test('cuts by count', () => {
  expect(cut(opened(3), 3, always)).toEqual([3]);
  expect(cut(opened(4), 3, always)).toEqual([3, 1]);
  expect(cut(opened(3), 1, always)).toEqual([1, 1, 1]);
});

test('halves a part that does not fit until it fits, in order', () => {
  expect(cut(opened(10), 100, (part) => part.length <= 3)).toEqual([3, 2, 3, 2]);
});

test('keeps a part whole that fits, beside one that does not', () => {
  const events = opened(8);
  const fits = (part: readonly unknown[]) => part.length === 1 || !part.includes(events[0]);
  expect(cut(events, 4, fits)).toEqual([1, 1, 2, 4]);
});

test('keeps a single event that does not fit, instead of dropping it', () => {
  expect(cut(opened(3), 100, () => false)).toEqual([1, 1, 1]);
});

test('starts a new part if the arrays would show events in the wrong order', () => {
  const told = (...of: EventKind[]) =>
    cut(
      of.map((kind) => event(kind, 1)),
      100,
      always,
    );
  expect(told('opened', 'resolved')).toEqual([2]);
  expect(told('resolved', 'reopened')).toEqual([1, 1]);
  expect(told('opened', 'opened')).toEqual([1, 1]);
  expect(told('opened', 'resolved', 'reopened', 'lapsed')).toEqual([2, 2]);
});

test('hands no more than one part at a time to what looks whether it fits', () => {
  const looked: number[] = [];
  const cutter = createCutter<ReturnType<typeof event>>(3, (part) => looked.push(part.length) > 0);
  for (const one of opened(7)) cutter.take(one);
  expect(looked).toEqual([3, 3]);
  expect(cutter.end()).toEqual([3, 3, 1]);
});
