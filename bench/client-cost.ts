// Compares the cost of one key through the source with a bare got loop: `npm run bench:client`.
// Measures the CPU time of this process per request; the sandbox is a separate process. Prints one
// JSON line.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import got from 'got';
import { createSandbox, sandboxCredentials } from '../src/sandbox/create-sandbox.ts';
import { createSource } from '../src/sources/create-source.ts';
import { createFlexchargeClient } from '../src/sources/flexcharge/create-client.ts';
import { largeFleet } from './support/large-fleet.ts';

const keys = 2_000;
const inFlight = 20;
type Ask = (id: string) => Promise<unknown>;

function bareGot(url: string, token: string): Ask {
  const agent = { http: new Agent({ keepAlive: true }) };
  const headers = { authorization: `bearer ${token}` };
  const client = got.extend({ agent, headers, retry: { limit: 0 }, timeout: { request: 10_000 } });
  return (id) => client(`${url}/api-keys/${id}`).json();
}

function throughSource(url: string): Ask {
  const source = createSource({
    config: {
      id: 'bench',
      baseUrl: url,
      concurrency: inFlight,
      timeoutMs: 10_000,
    },
    credentials: { ...sandboxCredentials },
    createClient: createFlexchargeClient,
    pace: { take: async () => {}, pause: async () => {} },
  });
  const { signal } = new AbortController();
  const context = { signal, urgent: false, now: () => new Date(), sweep: 'bench' };
  return async (id) => {
    const answer = await source.observe(id, context);
    if (answer.kind !== 'observed') throw new Error(answer.detail);
  };
}

async function measure(ask: Ask, rounds: number) {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    let next = 0;
    const work = async () => {
      while (next < keys) await ask(`key_${next++}`);
    };
    await Promise.all(Array.from({ length: inFlight }, work));
  }
  const { user, system } = process.cpuUsage(before);
  const requests = rounds * keys;
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    microsecondsOfCpu: Math.round((user + system) / requests),
    perSecond: Math.round(requests / seconds),
  };
}

if (process.argv[2] === 'sandbox') {
  const sandbox = await createSandbox({ fleet: largeFleet(keys), tokenLifeMs: 3_600_000 });
  process.send?.({ url: sandbox.url });
} else {
  const child = fork(new URL(import.meta.url), ['sandbox']);
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const json = { AppKey: sandboxCredentials.appKey, AppSecret: sandboxCredentials.appSecret };
  const issued = got.post(`${url}/oauth2/token`, { json });
  const { accessToken } = await issued.json<{ accessToken: string }>();
  const bare = bareGot(url, accessToken);
  const source = throughSource(url);
  await measure(bare, 1);
  await measure(source, 1);
  console.log(JSON.stringify({ bare: await measure(bare, 3), source: await measure(source, 3) }));
  child.kill();
  process.exit(0);
}
