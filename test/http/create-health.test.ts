import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHealth, type HealthChecks } from '../../src/http/create-health.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const fine = async () => undefined;
const refused = () => Promise.reject(new Error('READONLY'));
const silent = () => new Promise<void>(() => undefined);

async function ask(difference: Partial<HealthChecks>, path: string) {
  const health = createHealth({ stuck: () => false, store: fine, queue: fine, ...difference });
  const asked = health.request(path);
  await vi.advanceTimersByTimeAsync(5_000);
  const answer = await asked;
  return { code: answer.status, ...((await answer.json()) as object) };
}

test.each([
  ['refuse everybody', refused],
  ['do not answer', silent],
])('a process is alive while its servers %s, for a new one would not help', async (_, server) => {
  const difference = { store: server, queue: server };
  expect(await ask(difference, '/healthz')).toEqual({ code: 200, status: 'ok' });
  expect(await ask(difference, '/readyz')).toEqual({ code: 503, store: false, queue: false });
});

test('a process whose own workers are stuck is not alive', async () => {
  expect(await ask({ stuck: () => true }, '/healthz')).toEqual({ code: 503, status: 'stuck' });
});

test.each([
  [{}, 200, true, true],
  [{ store: refused }, 503, false, true],
  [{ queue: refused }, 503, true, false],
] as const)('is ready when both take a write: %o', async (difference, code, store, queue) => {
  expect(await ask(difference, '/readyz')).toEqual({ code, store, queue });
});
