import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { paceUntil } from '../../../src/operations/evidence/pace-until.ts';

async function* listed(...texts: string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<string[]> {
  const all: string[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece).toString());
  return all;
}

test('sends a byte at a time until it is ready, and the same bytes in all', async () => {
  const paced = await gather(paceUntil(sleep(100), listed('abcdefgh', 'ij'), 30));
  expect(paced.join('')).toBe('abcdefghij');
  expect(paced[0]).toBe('a');
  expect(paced.at(-1)).toBe('ij');
  expect(await gather(paceUntil(Promise.resolve(), listed('abc', 'de'), 60_000))).toEqual([
    ...['abc', 'de'],
  ]);
});

test('sends nothing for a failure in the beginning', async () => {
  const fails = sleep(20).then(() => {
    throw new Error('no store');
  });
  const sent: string[] = [];
  const all = (async () => {
    for await (const piece of paceUntil(fails, listed('abc'), 5_000)) sent.push(String(piece));
  })();
  await expect(all).rejects.toThrow('no store');
  expect(sent).toEqual([]);
});
