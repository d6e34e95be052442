import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lateSignal } from '../../src/alert/late-signal.ts';

const aborted = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) =>
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true }),
  );

test('aborts after the other one has, by the time given and with its reason', async () => {
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

test('gives the time to what begins when the other one has aborted already', async () => {
  const late = lateSignal(AbortSignal.abort('stop'), 5);
  expect(late.signal.aborted).toBe(false);
  expect(await aborted(late.signal)).toBe('stop');
});

test('does not abort what has ended, and leaves nothing behind', async () => {
  const first = new AbortController();
  const before = lateSignal(first.signal, 1);
  const after = lateSignal(first.signal, 1);
  before.end();
  first.abort('stop');
  after.end();
  await pause(20);
  expect([before.signal.aborted, after.signal.aborted]).toEqual([false, false]);
});
