import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { expect, onTestFinished, test } from 'vitest';
import { createHealth } from '../../../src/http/create-health.ts';
import { listen } from '../../../src/http/listen.ts';
import { goodConfig, workspace } from '../../config/workspace.ts';
import { run } from '../run.ts';

/** Runs the check under a configuration with this `http` section, or with none. */
function check(http: string | undefined) {
  const lines = http === undefined ? goodConfig : `${goodConfig}http: ${http}\n`;
  const folder = workspace({ 'config/keysweep.yaml': lines });
  return run(['healthcheck', '--config', join(folder, 'config', 'keysweep.yaml')]);
}

/** The port of a keysweep whose workers are stuck or not. */
async function serve(stuck: boolean, host = '127.0.0.1'): Promise<number> {
  const fine = async () => undefined;
  const health = createHealth({ stuck: () => stuck, store: fine, queue: fine });
  const listening = await listen(getRequestListener(health.fetch), { host, port: 0 });
  onTestFinished(() => listening.close());
  return listening.port;
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const { port, close } = await listen(() => undefined, { host: '127.0.0.1', port: 0 });
  await close();
  return port;
}

test('one whose workers work is healthy, exit 0', async () => {
  const { code, stdout } = await check(`{ port: ${await serve(false)} }`);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'healthy\n' });
});

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');

test.skipIf(!hasIpv6)('one that listens on ::1 is asked there', async () => {
  const { code, stdout } = await check(`{ host: "::1", port: ${await serve(false, '::1')} }`);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'healthy\n' });
});

test('one whose workers are stuck is not, exit 1', async () => {
  const { code, stdout } = await check(`{ port: ${await serve(true)} }`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'unhealthy (503)\n' });
});

test('nor is one that does not answer', async () => {
  const { code, stdout } = await check(`{ port: ${await freePort()} }`);
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'unhealthy (ECONNREFUSED)\n' });
});

test.each([
  [undefined, /^the configuration has no http section/],
  ['{ port: 0 }', /^http\.port is 0, .*: set a number/],
])('where %s does not tell whom to ask, that is said, exit 2', async (http, words) => {
  const { code, stdout, stderr } = await check(http);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(words);
});
