import { expect, test } from 'vitest';
import { cutIntoParts } from '../../../src/alert/plan/cut-into-parts.ts';
import type { EventKind } from '../../../src/alert/plan/event-kinds.ts';

const event = (kind: EventKind, fingerprint: string | number) => ({
  kind,
  finding: { fingerprint: String(fingerprint) },
});
const opened = (count: number) => Array.from({ length: count }, (_, n) => event('opened', n));
const sizes = (parts: readonly (readonly unknown[])[]) => parts.map(({ length }) => length);
const always = () => true;

test('makes no part if there are no events', () => {
  expect(cutIntoParts([], 100, always)).toEqual([]);
});

test('cuts by count', () => {
  expect(sizes(cutIntoParts(opened(3), 3, always))).toEqual([3]);
  expect(sizes(cutIntoParts(opened(4), 3, always))).toEqual([3, 1]);
  expect(sizes(cutIntoParts(opened(3), 1, always))).toEqual([1, 1, 1]);
});

test('halves a part that does not fit until it fits, in order', () => {
  const events = opened(10);
  const parts = cutIntoParts(events, 100, (part) => part.length <= 3);
  expect(parts.flat()).toEqual(events);
  expect(sizes(parts)).toEqual([3, 2, 3, 2]);
});

test('keeps a part whole that fits, beside one that does not', () => {
  const events = opened(8);
  const parts = cutIntoParts(
    events,
    4,
    (part) => part.length === 1 || !part.includes(events[0] as never),
  );
  expect(sizes(parts)).toEqual([1, 1, 2, 4]);
});

test('keeps a single event that does not fit, instead of dropping it', () => {
  expect(sizes(cutIntoParts(opened(3), 100, () => false))).toEqual([1, 1, 1]);
});

test('starts a new part if the arrays would show events in the wrong order', () => {
  const kinds = (parts: readonly (readonly { kind: EventKind }[])[]) =>
    parts.map((part) => part.map(({ kind }) => kind));
  const told = (...of: EventKind[]) =>
    kinds(
      cutIntoParts(
        of.map((kind) => event(kind, 1)),
        100,
        always,
      ),
    );
  expect(told('opened', 'resolved')).toEqual([['opened', 'resolved']]);
  expect(told('resolved', 'reopened')).toEqual([['resolved'], ['reopened']]);
  expect(told('opened', 'opened')).toEqual([['opened'], ['opened']]);
});
