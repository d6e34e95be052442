import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFollowingOperations } from '../../src/operations/remote/following.ts';
import { createRemoteOperations } from '../../src/operations/remote/remote.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let folder: string;
const closings: (() => void)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ks-follow-'));
});
afterEach(async () => {
  for (const close of closings.splice(0)) close();
  await rm(folder, { recursive: true, force: true });
});

/** A process that answers on a socket, and what it was asked. */
async function aHolder(answer: Answer) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    request.resume().on('end', () => answer(response, request));
  });
  const socket = join(folder, `${closings.length}.sock`);
  closings.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return { operations: createRemoteOperations({ pid: process.pid, socket }), asked };
}

const say =
  (status: number, body: object): Answer =>
  (response) =>
    response.writeHead(status).end(JSON.stringify(body));
const leave: Answer = (response) => response.destroy();

async function collect<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

const words = { reason: null, requestedBy: null };

test('asks the next one when the first breaks off, and under the same key', async () => {
  const first = await aHolder(leave);
  const next = await aHolder(say(202, { request: 'r1' }));
  const operations = createFollowingOperations(first.operations, async () => next.operations);
  expect(await operations.sweep(words)).toEqual({ request: 'r1' });
  const keys = [...first.asked, ...next.asked].map(({ headers }) => headers['idempotency-key']);
  expect(keys).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), keys[0]]);

  await operations.sweep(words);
  expect(first.asked).toHaveLength(1);
  expect(next.asked[1]?.headers['idempotency-key']).not.toBe(keys[0]);
});

test('asks the next one when the first is about to close', async () => {
  const first = await aHolder(say(503, { detail: 'the store is not open' }));
  const next = await aHolder(say(200, { items: [{ keyId: 'a' }, { keyId: 'b' }], next: null }));
  const operations = createFollowingOperations(first.operations, async () => next.operations);
  expect(await collect(operations.keys({}))).toMatchObject([{ keyId: 'a' }, { keyId: 'b' }]);
  expect(await collect(operations.keys({}))).toHaveLength(2);
  expect(first.asked).toHaveLength(1);
});

test('tries six and then says what becomes of the request', async () => {
  const gone = createRemoteOperations({ pid: 1, socket: join(folder, 'nobody.sock') });
  let moves = 0;
  const operations = createFollowingOperations(gone, async () => {
    moves += 1;
    return gone;
  });
  const lost = operations.progress({ id: 'r1' });
  await expect(lost).rejects.toThrow(/too often; the request continues with the next run/);
  expect(moves).toBe(5);
});

test.each([
  [500, 'internal error'],
  [403, 'bad'],
])('a refusal with %d is the answer', async (status, detail) => {
  const first = await aHolder(say(status, { detail }));
  const operations = createFollowingOperations(first.operations, async () => {
    throw new Error('nobody is to be looked for');
  });
  await expect(operations.progress({ id: 'r1' })).rejects.toMatchObject({ message: detail });
});
