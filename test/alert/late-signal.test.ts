import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lateSignal } from '../../src/alert/late-signal.ts';

const aborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) =>
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true }),
  );

test('aborts the given time after the other signal, with the same reason', async () => {
  const first = new AbortController();
  const late = lateSignal(first.signal, 30);
  const since = performance.now();
  const reason = aborted(late.signal);
  first.abort('stop');
  expect(late.signal.aborted).toBe(false);
  expect(await reason).toBe('stop');
  // Timers may fire a little early by this clock.
  expect(performance.now() - since).toBeGreaterThanOrEqual(28);
});

test('gives the same time if the other signal has already aborted', async () => {
  const late = lateSignal(AbortSignal.abort('stop'), 5);
  expect(late.signal.aborted).toBe(false);
  expect(await aborted(late.signal)).toBe('stop');
});

test('does not abort after it was ended, and leaves no timer behind', async () => {
  const first = new AbortController();
  const before = lateSignal(first.signal, 1);
  const after = lateSignal(first.signal, 1);
  before.end();
  first.abort('stop');
  after.end();
  await pause(20);
  expect([before.signal.aborted, after.signal.aborted]).toEqual([false, false]);
});
