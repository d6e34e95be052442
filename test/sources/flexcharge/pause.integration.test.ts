import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createSandbox } from '../../../src/sandbox/create-sandbox.ts';
import type { Answer } from '../../../src/sources/key-source.ts';
import { context, fleetKey, observedAt, sandboxWith, sourceFor } from './source-for.ts';

const ids = Array.from({ length: 200 }, (_, index) => `key_${index}`);
const fleet = ids.map((id) => fleetKey({ id }));

const reasons = (answers: readonly Answer[]) =>
  answers.map((answer) => (answer.kind === 'unanswered' ? answer.reason : answer.observation.kind));

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a source that is down is asked once, and the other keys are not', async () => {
  const port = await closedPort();
  const source = sourceFor(`http://127.0.0.1:${port}/v1`, { ticks: () => 0 });
  const at = context({ now: () => observedAt });
  const answers = await Promise.all(ids.map((id) => source.observe(id, at)));
  expect(answers[0]).toEqual({
    kind: 'unanswered',
    reason: 'unreachable',
    detail: 'token endpoint: ECONNREFUSED',
    counts: true,
  });
  expect(new Set(reasons(answers))).toEqual(new Set(['unreachable']));
  expect(answers.at(-1)).toMatchObject({
    detail: 'the source is paused: token endpoint: ECONNREFUSED',
    counts: true,
    retryAt: new Date(observedAt.getTime() + 1_000),
  });
});

test('ten failures in a row pause the source, and the pause costs no requests', async () => {
  const sandbox = await sandboxWith({ fleet, faults: ['500'] });
  const source = sourceFor(sandbox.url, { config: { concurrency: 1 }, ticks: () => 0 });
  const answers: Answer[] = [];
  for (const id of ids.slice(0, 30)) answers.push(await source.observe(id, context()));
  expect(new Set(reasons(answers))).toEqual(new Set(['vendor-error']));
  expect(sandbox.requests.key).toBe(10);
});

test('403 for every key pauses the source, and a probe finds that it answers again', async () => {
  let ticks = 0;
  const sandbox = await sandboxWith({ fleet, faults: ['403'] });
  const source = sourceFor(sandbox.url, { config: { concurrency: 1 }, ticks: () => ticks });
  const answers: Answer[] = [];
  for (const id of ids) answers.push(await source.observe(id, context()));
  expect(sandbox.requests.key).toBe(10);
  expect(answers[9]).toMatchObject({ kind: 'observed', observation: { reason: 'forbidden' } });
  expect(answers[10]).toMatchObject({
    kind: 'unanswered',
    reason: 'forbidden',
    detail: 'the source is paused: HTTP 403',
  });

  ticks = 1_000;
  for (const id of ids.slice(10)) await source.observe(id, context());
  expect(sandbox.requests.key).toBe(11);
  ticks = 3_000;
  sandbox.clearFaults();
  const later: Answer[] = [];
  for (const id of ids.slice(11)) later.push(await source.observe(id, context()));
  expect(new Set(reasons(later))).toEqual(new Set(['present']));
});

test('nine forbidden keys in a row stay their own matter', async () => {
  const faults = ids.filter((_, index) => index % 10 !== 0).map((id) => `403:${id}`);
  const sandbox = await sandboxWith({ fleet, faults });
  const source = sourceFor(sandbox.url, { config: { concurrency: 1 }, ticks: () => 0 });
  for (const id of ids) await source.observe(id, context());
  expect(sandbox.requests.key).toBe(200);
});

test('the limit follows the concurrency where that is larger', async () => {
  const sandbox = await sandboxWith({ fleet, faults: ['500'] });
  const source = sourceFor(sandbox.url, { config: { concurrency: 25 }, ticks: () => 0 });
  for (const id of ids.slice(0, 30)) await source.observe(id, context());
  expect(sandbox.requests.key).toBe(25);
});

test('failing keys among others pause nothing', async () => {
  const faults = ids.filter((_, index) => index % 10 !== 0).map((id) => `500:${id}`);
  const sandbox = await sandboxWith({ fleet, faults });
  const source = sourceFor(sandbox.url, { config: { concurrency: 1 }, ticks: () => 0 });
  for (const id of ids) await source.observe(id, context());
  expect(sandbox.requests.key).toBe(200);
});

test('after the pause one call probes while the others wait for what it finds', async () => {
  let ticks = 0;
  const sandbox = await sandboxWith({ fleet, faults: ['500'] });
  const source = sourceFor(sandbox.url, { ticks: () => ticks });
  await Promise.all(ids.slice(0, 10).map((id) => source.observe(id, context())));
  expect(sandbox.requests.key).toBe(10);

  ticks = 1_000;
  await Promise.all(ids.map((id) => source.observe(id, context())));
  expect(sandbox.requests.key).toBe(11);

  ticks = 2_999;
  await source.observe('key_0', context());
  expect(sandbox.requests.key).toBe(11);

  ticks = 3_000;
  sandbox.clearFaults();
  expect(await source.observe('key_0', context())).toMatchObject({ kind: 'observed' });
  const answers = await Promise.all(ids.map((id) => source.observe(id, context())));
  expect(new Set(reasons(answers))).toEqual(new Set(['present']));
});

test('a probe that its caller gives up leaves the next call to probe', async () => {
  let ticks = 0;
  const sandbox = await sandboxWith({ fleet, faults: ['500*10', 'hang*1'] });
  const source = sourceFor(sandbox.url, { config: { concurrency: 1 }, ticks: () => ticks });
  sandbox.clearFaults(null, 'hang');
  for (const id of ids.slice(0, 10)) await source.observe(id, context());
  ticks = 1_000;
  sandbox.setFault('hang*1');
  const giving = new AbortController();
  const probe = source.observe('key_0', context({ signal: giving.signal }));
  await expect.poll(() => sandbox.requests.key).toBe(11);
  giving.abort(new Error('shutting down'));
  await expect(probe).rejects.toThrow('shutting down');
  expect(await source.observe('key_0', context())).toMatchObject({ kind: 'observed' });
});

test('a vendor that comes back on the same port is found by the probe', async () => {
  let ticks = 0;
  const port = await closedPort();
  const source = sourceFor(`http://127.0.0.1:${port}/v1`, { ticks: () => ticks });
  expect(await source.observe('key_0', context())).toMatchObject({ reason: 'unreachable' });

  const sandbox = await createSandbox({ fleet, port });
  try {
    expect(await source.observe('key_0', context())).toMatchObject({ reason: 'unreachable' });
    ticks = 1_000;
    expect(await source.observe('key_0', context())).toMatchObject({ kind: 'observed' });
  } finally {
    await sandbox.close();
  }
});
