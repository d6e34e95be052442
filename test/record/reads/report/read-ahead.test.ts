import { expect, test } from 'vitest';
import { readAhead } from '../../../../src/record/reads/report/read-ahead.ts';

/** Reads that end when the test says so. */
function heldReads() {
  const started: number[] = [];
  const ends = new Map<number, () => void>();
  const read = (part: number) => {
    started.push(part);
    return new Promise<string>((resolve) => ends.set(part, () => resolve(`read ${part}`)));
  };
  return { started, read, end: (part: number) => ends.get(part)?.() };
}

async function* reading<T>(read: (part: number) => Promise<T>): AsyncIterable<T> {
  for (const part of [1, 2, 3]) yield await read(part);
}

test('starts the next reading once the one before it has ended, and no other', async () => {
  const { started, read, end } = heldReads();
  const parts = readAhead(reading(read))[Symbol.asyncIterator]();
  const first = parts.next();
  expect(started).toEqual([1]);
  end(1);
  expect(await first).toEqual({ done: false, value: 'read 1' });
  expect(started).toEqual([1, 2]);
  end(2);
  expect(await parts.next()).toEqual({ done: false, value: 'read 2' });
  expect(started).toEqual([1, 2, 3]);
  end(3);
  expect(await parts.next()).toEqual({ done: false, value: 'read 3' });
  expect(await parts.next()).toEqual({ done: true, value: undefined });
});

test('ends only after a reading that nobody wants any more', async () => {
  const { started, read, end } = heldReads();
  const parts = readAhead(reading(read))[Symbol.asyncIterator]();
  const first = parts.next();
  end(1);
  await first;
  let ended = false;
  const ending = parts.return?.().then(() => {
    ended = true;
  });
  await new Promise(setImmediate);
  expect(ended).toBe(false);
  end(2);
  await ending;
  expect(started).toEqual([1, 2]);
});

test('throws what a reading throws, after the parts before it', async () => {
  const read = async (part: number) => {
    if (part === 2) throw new Error('away');
    return part;
  };
  const seen: number[] = [];
  const all = async () => {
    for await (const part of readAhead(reading(read))) seen.push(part);
  };
  await expect(all()).rejects.toThrow('away');
  expect(seen).toEqual([1]);
});
