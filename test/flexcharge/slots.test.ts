import { expect, test } from 'vitest';
import { createAbortWatch } from '../../src/flexcharge/abort-watch.ts';
import { createSlots } from '../../src/flexcharge/slots.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('gives out its slots and no more, in the order asked', async () => {
  const slots = createSlots(3, createAbortWatch());
  const got: number[] = [];
  for (const call of [1, 2, 3, 4]) void slots.take(never, false).then(() => got.push(call));

  await settled();
  expect(got).toEqual([1, 2]);
  slots.release();
  await settled();
  expect(got).toEqual([1, 2, 3]);
  slots.release();
  await settled();
  expect(got).toEqual([1, 2, 3, 4]);
});

test('whoever gives up waiting rejects with the signal’s reason and holds no slot', async () => {
  const slots = createSlots(1, createAbortWatch());
  await slots.take(never, false);
  const giving = new AbortController();
  const reason = new Error('enough');
  const waiting = slots.take(giving.signal, false);
  giving.abort(reason);
  await expect(waiting).rejects.toBe(reason);

  slots.release();
  await slots.take(never, false);
});

test('a signal that is aborted already takes no slot', async () => {
  const slots = createSlots(1, createAbortWatch());
  await expect(slots.take(AbortSignal.abort(new Error('no')), false)).rejects.toThrow('no');
  await slots.take(never, false);
});

test('an urgent call goes before those that wait already', async () => {
  const slots = createSlots(1, createAbortWatch());
  await slots.take(never, false);
  const got: string[] = [];
  void slots.take(never, false).then(() => got.push('usual'));
  void slots.take(never, true).then(() => got.push('urgent'));
  slots.release();
  await settled();
  expect(got).toEqual(['urgent']);
  slots.release();
  await settled();
  expect(got).toEqual(['urgent', 'usual']);
});

test('keeps a slot for urgent calls, and gives it back to them', async () => {
  const slots = createSlots(2, createAbortWatch());
  await slots.take(never, false);
  const got: string[] = [];
  void slots.take(never, false).then(() => got.push('usual'));
  void slots.take(never, true).then(() => got.push('urgent'));
  await settled();
  expect(got).toEqual(['urgent']);
  // The urgent call ends: its slot is not for the usual one that waits.
  slots.release();
  await settled();
  expect(got).toEqual(['urgent']);
  slots.release();
  await settled();
  expect(got).toEqual(['urgent', 'usual']);
});
