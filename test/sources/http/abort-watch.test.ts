import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAbortWatch } from '../../../src/sources/http/abort-watch.ts';

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

test('calls back those that still watch, once, and of that signal alone', () => {
  const plan = fc.array(fc.record({ other: fc.boolean(), ends: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(plan, fc.infiniteStream(fc.nat()), (watches, places) => {
      const aborts = createAbortWatch();
      const [one, other] = [new AbortController(), new AbortController()];
      const called: number[] = [];
      const ends = watches.map(({ other: ofOther }, n) =>
        aborts.on((ofOther ? other : one).signal, () => called.push(n)),
      );
      const ending = watches.flatMap((watch, n) => (watch.ends ? [n] : []));
      while (ending.length > 0) {
        const place = places.next().value % ending.length;
        for (const n of ending.splice(place, 1)) ends[n]?.();
      }
      one.abort();
      one.abort();
      const expected = watches.flatMap((watch, n) => (watch.ends || watch.other ? [] : [n]));
      expect(called.sort((a, b) => a - b)).toEqual(expected);
    }),
  );
});

test('has one listener while anybody watches, and none afterwards', () => {
  const aborts = createAbortWatch();
  const { signal } = new AbortController();
  const ends = [1, 2, 3].map(() => aborts.on(signal, () => undefined));
  expect(listeners(signal)).toBe(1);
  for (const end of ends) end();
  expect(listeners(signal)).toBe(0);
  const end = aborts.on(signal, () => undefined);
  expect(listeners(signal)).toBe(1);
  end();
  expect(listeners(signal)).toBe(0);
});

test('a watch that another’s callback has ended is not called back', () => {
  const aborts = createAbortWatch();
  const controller = new AbortController();
  const called: string[] = [];
  aborts.on(controller.signal, () => {
    called.push('first');
    endSecond();
  });
  const endSecond = aborts.on(controller.signal, () => called.push('second'));
  const endThird = aborts.on(controller.signal, () => {
    called.push('third');
    endThird();
  });
  controller.abort();
  expect(called).toEqual(['first', 'third']);
});
