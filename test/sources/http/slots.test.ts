import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAbortWatch } from '../../../src/sources/http/abort-watch.ts';
import { createSlots } from '../../../src/sources/http/slots.ts';

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

test('a call of an earlier turn goes before those of later turns that wait already', async () => {
  const slots = createSlots(1, createAbortWatch());
  await slots.take(never, false, 1);
  const got: string[] = [];
  const take = (turn: number, name: string) =>
    void slots.take(never, false, turn).then(() => got.push(name));
  take(2, 'second');
  take(3, 'third');
  take(2, 'second again');
  take(1, 'first');
  for (let n = 0; n < 4; n += 1) {
    slots.release();
    await settled();
  }
  expect(got).toEqual(['first', 'second', 'second again', 'third']);
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

test.each([
  [2, 1],
  [19, 18],
  [20, 20],
])('of %i slots, %i are for calls that are not urgent', async (size, usual) => {
  const slots = createSlots(size, createAbortWatch());
  for (let n = 0; n <= size; n += 1) void slots.take(never, false);
  await settled();
  expect(slots.held()).toBe(usual);
});

test('holds fewer once it is smaller, and hands out at once what it is larger', async () => {
  const slots = createSlots(3, createAbortWatch());
  const got: number[] = [];
  for (const call of [1, 2, 3, 4]) void slots.take(never, false).then(() => got.push(call));
  await settled();
  slots.resize(1);
  slots.release();
  await settled();
  expect([got, slots.held()]).toEqual([[1, 2], 1]);
  slots.release();
  await settled();
  expect([got, slots.held()]).toEqual([[1, 2, 3], 1]);
  slots.resize(3);
  await settled();
  expect([got, slots.held()]).toEqual([[1, 2, 3, 4], 2]);
});

type Act = 'take' | 'urgent' | 'release' | 'abort' | 'wait';
const act = fc.constantFrom<Act>('take', 'urgent', 'release', 'abort', 'wait');
const plans = fc.array(fc.tuple(act, fc.nat(2)), { maxLength: 60 });

test('loses no slot and gives none out twice, whoever gives up and when', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), plans, async (size, plan) => {
      const run = callers(size);
      for (const [name, place] of plan) await run.acts[name](place);
      for (const place of [0, 1, 2]) run.acts.abort(place);
      await settled();
      for (let n = 0; n < size; n += 1) run.acts.release();
      expect(run.most()).toBeLessThanOrEqual(size);
      for (let n = 0; n <= size; n += 1) run.acts.urgent(n % 3);
      await settled();
      expect(run.held()).toBe(size);
    }),
    { numRuns: 300 },
  );
});

/** Callers of three signals, each of which is aborted and made anew. */
function callers(size: number) {
  const slots = createSlots(size, createAbortWatch());
  const signals = [0, 1, 2].map(() => new AbortController());
  let held = 0;
  let most = 0;
  const got = () => {
    held += 1;
    most = Math.max(most, held);
  };
  const take = (urgent: boolean, place: number) => {
    const { signal } = signals[place] ?? new AbortController();
    slots.take(signal, urgent).then(got, () => undefined);
  };
  const acts = {
    take: (place: number) => take(false, place),
    urgent: (place: number) => take(true, place),
    release: () => {
      if (held === 0) return;
      held -= 1;
      slots.release();
    },
    abort: (place: number) => {
      signals[place]?.abort(new Error('enough'));
      signals[place] = new AbortController();
    },
    wait: settled,
  };
  return { acts, held: () => held, most: () => most };
}
