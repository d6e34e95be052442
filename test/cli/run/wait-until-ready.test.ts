import pino from 'pino';
import { expect, test } from 'vitest';
import { waitUntilReady } from '../../../src/cli/run/wait-until-ready.ts';
import { QueueUnavailable } from '../../../src/queue/errors.ts';

/** What `start` does when the queue refuses its first probes with these words. */
async function startAfter(...refusals: readonly string[]) {
  const left = [...refusals];
  let asked = 0;
  const probe = async () => {
    asked += 1;
    const refusal = left.shift();
    if (refusal !== undefined) throw new QueueUnavailable(`Redis refuses (${refusal})`, refusal);
  };
  const codes: unknown[] = [];
  const sink = { write: (line: string) => void codes.push(JSON.parse(line).code) };
  const waiting = waitUntilReady(probe, pino({}, sink), new AbortController().signal, 1);
  const end = await waiting.then(
    () => 'starts',
    (error: Error) => error.message,
  );
  return { end, asked, codes };
}

test('start asks a server again that loads its data', async () => {
  expect(await startAfter('LOADING')).toEqual({ end: 'starts', asked: 2, codes: ['LOADING'] });
});

test('start does not wait for a server that refuses the work, not even after it has loaded', async () => {
  const end = 'Redis refuses (READONLY)';
  expect(await startAfter('READONLY')).toEqual({ end, asked: 1, codes: [] });
  expect(await startAfter('LOADING', 'READONLY')).toEqual({ end, asked: 2, codes: ['LOADING'] });
});

test('start begins without a server that cannot be reached, and says so', async () => {
  const code = 'ECONNREFUSED';
  expect(await startAfter(code)).toEqual({ end: 'starts', asked: 1, codes: [code] });
});
