import { expect, test } from 'vitest';
import { shareRead } from '../../../src/http/metrics/share-read.ts';

test('callers share the running read, and its result while it is new', async () => {
  let reads = 0;
  const read = shareRead(async () => ++reads, { keptMs: 60_000, mostMs: 1_000 });
  expect(await Promise.all([read(), read()])).toEqual([1, 1]);
  expect(await read()).toBe(1);
});

test('an old result is read again', async () => {
  let reads = 0;
  const read = shareRead(async () => ++reads, { keptMs: 0, mostMs: 1_000 });
  expect([await read(), await read()]).toEqual([1, 2]);
});

test('a read that fails gives nothing, and is not repeated for every caller', async () => {
  let reads = 0;
  const fail = async () => {
    reads += 1;
    throw new Error('the database is gone');
  };
  const read = shareRead(fail, { keptMs: 60_000, mostMs: 1_000 });
  expect([await read(), await read(), reads]).toEqual([undefined, undefined, 1]);
});

test('nobody waits for a read that hangs, and no second one is started beside it', async () => {
  let reads = 0;
  let end: (value: string) => void = () => undefined;
  const hang = () => {
    reads += 1;
    return new Promise<string>((resolve) => {
      end = resolve;
    });
  };
  const read = shareRead(hang, { keptMs: 60_000, mostMs: 20 });
  expect([await read(), await read(), reads]).toEqual([undefined, undefined, 1]);
  end('late');
  expect(await read()).toBe('late');
});
