import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createRemoteOperations } from '../../src/operations/remote/remote.ts';
import { waitForHolder } from '../../src/operations/remote/wait-for-holder.ts';

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

const script = `
  require('node:http').createServer(() => undefined)
    .listen(process.argv[1], () => process.stdout.write('ready'));
`;

/** A process that listens on a socket and is stopped. */
async function frozenProcess() {
  const folder = await mkdtemp(join(tmpdir(), 'ks-frozen-'));
  closings.push(() => rm(folder, { recursive: true, force: true }));
  const socket = join(folder, 'it.sock');
  const child: ChildProcess = spawn(process.execPath, ['-e', script, socket]);
  closings.push(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  if (child.stdout) await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  return { pid: child.pid ?? 0, socket };
}

test('a holder that is stopped is named, with the time since when it has not answered', async () => {
  const holder = await frozenProcess();
  const before = Date.now();
  const refused = await waitForHolder(holder, 300).catch((error) => error);
  expect(refused).toMatchObject({ code: 'KEYSWEEP_HOLDER', status: 504 });
  expect(refused.message).toContain(`process ${holder.pid}, which holds the store`);
  const since = Date.parse(/since (\S+Z)/.exec(refused.message)?.[1] ?? '');
  expect(since).toBeGreaterThan(before - 1_000);
  expect(since).toBeLessThanOrEqual(Date.now());
  expect(refused.message).toContain(`kill -CONT ${holder.pid}`);
});

test('a question to a holder that is stopped in the meantime ends too', async () => {
  const operations = createRemoteOperations({ ...(await frozenProcess()), silenceMs: 300 });
  await expect(operations.findKeys({ keyId: 'a' })).rejects.toMatchObject({ status: 504 });
});
