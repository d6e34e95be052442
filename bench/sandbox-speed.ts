// Measures how many key requests per second the sandbox answers on one core, for a keep-alive
// client in another process, and compares it with bare node:http. Prints one JSON line.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, createServer, get, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSandbox } from '../src/sandbox/create-sandbox.ts';
import { largeFleet } from './support/large-fleet.ts';

const keys = 2_000;
const requests = 30_000;
const inFlight = 32;

async function serve(kind: string): Promise<void> {
  const url = kind === 'sandbox' ? await serveSandbox() : await serveBare();
  process.send?.({ url });
  process.on('message', () => process.send?.({ cpu: process.cpuUsage() }));
}

async function serveSandbox(): Promise<string> {
  const sandbox = await createSandbox({ fleet: largeFleet(keys) });
  return sandbox.url;
}

async function serveBare(): Promise<string> {
  const body = Buffer.from(JSON.stringify({ status: 'SUCCESS', pad: 'x'.repeat(200) }));
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
    response.end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function measure(kind: string) {
  const child = fork(new URL(import.meta.url), [kind], { execArgv: process.execArgv });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const token = kind === 'sandbox' ? await fetchToken(url) : 'none';
  await ask(url, token, 3_000);
  const before = await cpuOf(child);
  const startedAt = performance.now();
  await ask(url, token, requests);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuSeconds = ((await cpuOf(child)) - before) / 1e6;
  child.kill();
  await once(child, 'exit');
  return {
    kind,
    perSecond: Math.round(requests / seconds),
    perSecondOfServerCpu: Math.round(requests / cpuSeconds),
  };
}

async function cpuOf(child: ReturnType<typeof fork>): Promise<number> {
  child.send('cpu');
  const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }];
  return cpu.user + cpu.system;
}

async function fetchToken(url: string): Promise<string> {
  const call = request(`${url}/oauth2/token`, { method: 'POST' });
  call.end(JSON.stringify({ AppKey: 'demo-app-key', AppSecret: 'demo-app-secret' }));
  const [response] = await once(call, 'response');
  let text = '';
  for await (const chunk of response) text += chunk;
  return JSON.parse(text).accessToken;
}

async function ask(url: string, token: string, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const headers = { authorization: `bearer ${token}` };
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next++ % keys;
      const status = await new Promise((resolve, reject) => {
        get(`${url}/api-keys/key_${index}`, { agent, headers }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode));
        }).on('error', reject);
      });
      if (status !== 200) throw new Error(`HTTP ${status}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  agent.destroy();
}

const [kind] = process.argv.slice(2);
if (kind === undefined) {
  const bare = await measure('bare');
  const sandbox = await measure('sandbox');
  console.log(JSON.stringify({ bare, sandbox }));
} else {
  await serve(kind);
}
