// What one key costs through a source, beside a bare got loop: processor time of this process per
// request. The vendor is a separate process, so that its time does not count.
import { Agent } from 'node:http';
import got from 'got';
import { sandboxCredentials } from '../src/sandbox/create-sandbox.ts';
import { createSource } from '../src/sources/create-source.ts';
import { createFlexchargeClient } from '../src/sources/flexcharge/create-client.ts';
import { fetchToken } from './rivals/fetch-token.ts';
import { defineBench } from './support/define-bench.ts';
import { count } from './support/option.ts';
import { withOpened } from './support/scope.ts';
import { startVendor } from './support/vendor/start-vendor.ts';

const inFlight = 20;
type Ask = (id: string) => Promise<unknown>;

export const bench = defineBench({
  name: 'client',
  about: 'processor time of one request through a source, beside a bare got loop',
  options: {
    keys: count(2_000, 'keys asked for in each round'),
    rounds: count(3, 'rounds after the one that warms up'),
  },
  aims: () => ({}),
  run: ({ keys, rounds }) =>
    withOpened(async (keep) => {
      const { url } = await keep(startVendor({ fleet: { keys } }));
      const bare = bareGot(url, await fetchToken(url));
      const source = throughSource(url);
      await measure(bare, keys, 1);
      await measure(source, keys, 1);
      const loop = await measure(bare, keys, rounds);
      const own = await measure(source, keys, rounds);
      const beside = `the bare loop: ${Math.round(loop.cpuUs)} µs`;
      return [
        { name: 'processor time', unit: 'µs/request', value: own.cpuUs, beside },
        {
          ...{ name: 'requests', unit: 'requests/s', value: own.perSecond },
          beside: `the bare loop: ${Math.round(loop.perSecond)} requests/s`,
        },
      ];
    }),
});

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
      adaptsConcurrency: false,
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

async function measure(ask: Ask, keys: number, rounds: number) {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    let next = 0;
    const chain = async () => {
      while (next < keys) await ask(`key_${next++}`);
    };
    await Promise.all(Array.from({ length: inFlight }, chain));
  }
  const { user, system } = process.cpuUsage(before);
  const requests = rounds * keys;
  const seconds = (performance.now() - startedAt) / 1_000;
  return { cpuUs: (user + system) / requests, perSecond: requests / seconds };
}
