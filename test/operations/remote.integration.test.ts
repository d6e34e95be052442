import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { createSocketApi } from '../../src/http/api/create-socket-api.ts';
import { createListener } from '../../src/http/create-listener.ts';
import { mapOperations, type Operations, registry } from '../../src/operations/index.ts';
import { createPagedList } from '../../src/operations/paged-list.ts';
import { createRemoteOperations } from '../../src/operations/remote/remote.ts';
import { DatabaseUnavailable, RequestRefused } from '../../src/record/store/errors.ts';

interface Call {
  readonly name: string;
  readonly input: unknown;
  readonly once: string | undefined;
}

const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** The operations of a process whose operations all answer with `result`, asked over its socket. */
async function anotherProcess(result: () => unknown, ready = true) {
  const calls: Call[] = [];
  const there = mapOperations((operation, name) => {
    const call = (input: unknown, once?: string) => calls.push({ name, input, once });
    return 'items' in operation
      ? (input: unknown) =>
          createPagedList(async () => {
            call(input);
            return { items: result() as readonly unknown[], next: null };
          })
      : async (input: unknown, once?: string) => {
          call(input, once);
          return result();
        };
  });
  const log = pino({ level: 'silent' });
  const api = createSocketApi({ operationsFor: () => (ready ? () => there : undefined), log });
  return { operations: await serve(createListener(api)), calls };
}

async function serve(listener: RequestListener): Promise<Operations> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-remote-'));
  const socket = join(folder, 'it.sock');
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  closings.push(async () => {
    await new Promise((closed) => server.close(closed));
    await rm(folder, { recursive: true });
  });
  return createRemoteOperations({ pid: process.pid, socket });
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const id = '0a6e1ff5-7c2c-4d0e-9a51-2f8f3a6f0c11';

test.each<[keyof Operations, object]>([
  ['sweep', { reason: 'why', requestedBy: null }],
  ['audit', { reason: null, requestedBy: null, keys: [{ source: 's', keyId: 'a/b' }] }],
  ['progress', { id }],
  ['pending', { id }],
  ['release', { id }],
  ['stopSweep', { id: '0a6e1ff5' }],
  ['acknowledge', { fingerprint: 'a1b2', by: 'ann', reason: 'known; 100% sure' }],
  ['findKeys', { keyId: 'a/b?c#d %2e', source: 'x&y=z' }],
  ['findKeys', { keyId: 'a' }],
  ['outcome', { ids: [id], withinMs: 0 }],
  ['retryAlert', { id: '0a6e1ff5' }],
  ['retryAlerts', { kind: 'these', ids: ['a', 'b'] }],
  ['retryAlerts', { kind: 'failed', channel: 'siem' }],
  ['backtest', { policy: 'version: "1"\n', sweeps: { kind: 'since', ms: 5 } }],
])('%s arrives in the other process as it was asked: %j', async (name, input) => {
  const { operations, calls } = await anotherProcess(() => undefined);
  const call = operations[name] as (input: object, once: string) => Promise<unknown>;
  expect(await call(input, 'only once')).toBeUndefined();
  const once = registry[name].access === 'write' ? 'only once' : undefined;
  expect(calls).toEqual([{ name, input, once }]);
});

test.each<['findings' | 'alerts' | 'sweeps' | 'keys', object]>([
  ['sweeps', {}],
  ['sweeps', { schedule: ['nightly'], status: ['open'], scope: ['full'] }],
  ['findings', { status: ['open'], severity: 'high' }],
  [
    'findings',
    { status: ['open'], severity: 'info', owner: ['a b'], rule: ['x', 'y'], key: ['k&'] },
  ],
  ['findings', { status: ['open', 'waived'], severity: 'info' }],
  ['alerts', { state: ['failed'], channel: ['a b'], sweep: 'c' }],
  ['keys', { text: 'a%&b', tag: ['x', 'y'], verdict: ['fail'], severity: 'low' }],
])('the filter of a list arrives as it was given: %s %j', async (name, input) => {
  const { operations, calls } = await anotherProcess(() => []);
  const call = operations[name] as (input: object) => AsyncIterable<unknown>;
  expect(await collect(call(input))).toEqual([]);
  expect(calls).toMatchObject([{ name, input }]);
});

test('instants are instants again, in values and in items; null stays null', async () => {
  const at = new Date('2026-11-28T10:00:00.123Z');
  const key = { source: 's', keyId: 'k', createdOn: at, lastUsed: null, observedAt: at };
  const keys = await anotherProcess(() => [key]);
  expect(await collect(keys.operations.keys({}))).toEqual([key]);
  const notYet = { source: 's', keyId: 'k', verdict: null, observedAt: null, tags: ['a'] };
  const inventory = await anotherProcess(() => [notYet]);
  expect(await collect(inventory.operations.keys({}))).toMatchObject([notYet]);
  const pending = await anotherProcess(() => ({ deadlineAt: at, reasons: [] }));
  expect(await pending.operations.pending({ id })).toEqual({ deadlineAt: at, reasons: [] });
  const acknowledgement = { by: 'ann', at, reason: 'why' };
  const [one, two] = [
    { acknowledgement, firstSeen: at },
    { acknowledgement: null, firstSeen: at },
  ];
  const findings = await anotherProcess(() => [one, two]);
  expect(
    await collect(findings.operations.findings({ status: ['open'], severity: 'info' })),
  ).toEqual([expect.objectContaining(one), expect.objectContaining(two)]);
  const acknowledged = { acknowledged: 'ab', ...acknowledgement, before: true };
  const first = await anotherProcess(() => acknowledged);
  const request = { fingerprint: 'ab', by: 'bob', reason: 'x' };
  expect(await first.operations.acknowledge(request)).toEqual(acknowledged);
  const left = [{ id: 'a', plannedAt: at, nextAt: null, endedAt: at }];
  const outcome = await anotherProcess(() => ({ soon: 0, left }));
  expect(await outcome.operations.outcome({ ids: [], withinMs: 0 })).toEqual({ soon: 0, left });
});

test('a refusal there is a refusal here', async () => {
  const { operations } = await anotherProcess(() => {
    throw new RequestRefused('no such key');
  });
  const refused = operations.sweep({ reason: null, requestedBy: null });
  await expect(refused).rejects.toEqual(new RequestRefused('no such key'));
});

test('a list that is refused there is refused here', async () => {
  const { operations } = await anotherProcess(() => {
    throw new RequestRefused('no such sweep');
  });
  const refused = collect(operations.alerts({ sweep: 'ab' }));
  await expect(refused).rejects.toEqual(new RequestRefused('no such sweep'));
});

test('what goes wrong there is not told', async () => {
  const { operations } = await anotherProcess(() => {
    throw new Error('the password is 1234');
  });
  await expect(operations.heldSweeps({})).rejects.toMatchObject({
    status: 500,
    message: 'internal error',
  });
});

test('a database that does not serve now is not taken for a process that has left', async () => {
  const { operations } = await anotherProcess(() => {
    throw new DatabaseUnavailable('db.example refuses');
  });
  await expect(operations.heldSweeps({})).rejects.toMatchObject({ status: 503, hasLeft: false });
});

test('nothing is asked of a process whose store is not open', async () => {
  const { operations, calls } = await anotherProcess(() => [], false);
  await expect(operations.heldSweeps({})).rejects.toMatchObject({ status: 503, hasLeft: true });
  expect(calls).toEqual([]);
});

test('an operation that the other process does not know is not taken for an absent answer', async () => {
  const older = await serve(getRequestListener(new Hono().fetch));
  await expect(older.report({ id: 'last' })).rejects.toThrow('runs another version of keysweep');
});

test('an answer in another form says that the versions differ', async () => {
  const older = new Hono().get('/api/v1/keys', (context) => context.json({ keys: [] }));
  const operations = await serve(getRequestListener(older.fetch));
  await expect(collect(operations.keys({}))).rejects.toThrow('runs another version of keysweep');
});
