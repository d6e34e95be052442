import { expect, test } from 'vitest';
import type { Answer } from '../../src/flexcharge/key-source.ts';
import type { PendingKey } from '../../src/record/claim-batch.ts';
import { askAll } from '../../src/sources/ask-all.ts';

const keys = [1, 2, 3].map(
  (row): PendingKey => ({
    row,
    entry: row,
    attempts: 0,
    key: {
      source: 'vendor',
      keyId: `key_${row}`,
      owner: null,
      environment: null,
      approvedScopes: null,
      tags: [],
    },
  }),
);
const missing: Answer = {
  kind: 'observed',
  observation: { kind: 'missing', at: new Date(0) },
  refusesAll: false,
};
const never = new AbortController().signal;

/** Answers only when aborted, as a request in flight does. */
const hang = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

test('asks for every key and answers in their order', async () => {
  const asked = await askAll(keys, async () => missing, never);
  expect(asked).toEqual(keys.map((pending) => ({ pending, answer: missing })));
});

test('keeps what was learned when one call fails, ends the others and asks again at no cost', async () => {
  let running = 0;
  const asked = await askAll(
    keys,
    async ({ row }, signal) => {
      if (row === 1) return missing;
      if (row === 2) throw new Error('the pace is gone');
      running += 1;
      return hang(signal).finally(() => {
        running -= 1;
      });
    },
    never,
  );
  expect(asked[0]?.answer).toBe(missing);
  const again = { kind: 'unanswered', counts: false };
  expect(asked.slice(1).map(({ answer }) => answer)).toMatchObject([again, again]);
  expect(running).toBe(0);
});

test('rejects with what failed first when nothing was learned', async () => {
  const gone = new Error('the pace is gone');
  const asking = askAll(
    keys,
    ({ row }, signal) => (row === 2 ? Promise.reject(gone) : hang(signal)),
    never,
  );
  await expect(asking).rejects.toBe(gone);
});

test('rejects with the reason of a caller who aborts, whatever was learned', async () => {
  const stopping = new AbortController();
  const asking = askAll(
    keys,
    ({ row }, signal) => (row === 1 ? Promise.resolve(missing) : hang(signal)),
    stopping.signal,
  );
  stopping.abort(new Error('the lock was lost'));
  await expect(asking).rejects.toThrow('the lock was lost');
});
