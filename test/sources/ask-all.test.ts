import { expect, test } from 'vitest';
import { askAll } from '../../src/sources/ask-all.ts';
import { PaceUnavailable } from '../../src/sources/errors.ts';
import type { Answer } from '../../src/sources/key-source.ts';

const keys = [{ row: 1 }, { row: 2 }, { row: 3 }];
const missing: Answer = {
  kind: 'observed',
  observation: { kind: 'missing', at: new Date(0) },
  refusesAll: false,
};
const never = new AbortController().signal;
const unheard = () => {
  throw new Error('no fault was expected');
};

/** Answers only when aborted, as a request in flight does. */
const hang = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

test('asks for every key and answers in their order', async () => {
  const asked = await askAll(keys, async () => missing, never, 10, unheard);
  expect(asked).toEqual(keys.map(() => missing));
});

test('keeps what was learned when one call fails, ends the others and asks again at no cost', async () => {
  let running = 0;
  const asked = await askAll(
    keys,
    async ({ row }, signal) => {
      if (row === 1) return missing;
      if (row === 2) throw new PaceUnavailable('vendor');
      running += 1;
      return hang(signal).finally(() => {
        running -= 1;
      });
    },
    never,
    10,
    unheard,
  );
  expect(asked[0]).toBe(missing);
  const again = { kind: 'unanswered', counts: false };
  expect(asked.slice(1)).toMatchObject([again, again]);
  expect(running).toBe(0);
});

test('rejects with what failed first when nothing was learned', async () => {
  const gone = new PaceUnavailable('vendor');
  const asking = askAll(
    keys,
    ({ row }, signal) => (row === 2 ? Promise.reject(gone) : hang(signal)),
    never,
    10,
    unheard,
  );
  await expect(asking).rejects.toBe(gone);
});

test('rejects with the reason of a caller who aborts, whatever was learned', async () => {
  const stopping = new AbortController();
  const asking = askAll(
    keys,
    ({ row }, signal) => (row === 1 ? Promise.resolve(missing) : hang(signal)),
    stopping.signal,
    10,
    unheard,
  );
  stopping.abort(new Error('the lock was lost'));
  await expect(asking).rejects.toThrow('the lock was lost');
});

test('has no more calls under way than are allowed, and asks for all the same', async () => {
  let running = 0;
  let most = 0;
  const many = Array.from({ length: 20 }, (_, row) => row);
  const ask = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return missing;
  };
  expect(await askAll(many, ask, never, 3, unheard)).toHaveLength(20);
  expect(most).toBe(3);
});

test('an error of one key costs that key an attempt, and is told', async () => {
  const faults: unknown[] = [];
  const fault = new RangeError('too deep');
  const ask = ({ row }: { row: number }) =>
    row === 2 ? Promise.reject(fault) : Promise.resolve(missing);
  const asked = await askAll(keys, ask, never, 10, (error) => faults.push(error));
  expect(asked).toMatchObject([
    missing,
    { kind: 'unanswered', reason: 'invalid-response', counts: true },
    missing,
  ]);
  expect(faults).toEqual([fault]);
});
