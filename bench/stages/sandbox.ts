// How many key requests the sandbox answers per second of its processor time, for a client that
// keeps its connections, beside bare node:http: it must not be what other benches measure.
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { fetchToken } from '../rivals/fetch-token.ts';
import { defineBench } from '../support/define-bench.ts';
import { count } from '../support/option.ts';
import { forkPart } from '../support/processes/fork-part.ts';
import { readCpuSeconds } from '../support/processes/read-process.ts';
import { withOpened } from '../support/scope.ts';
import { startVendor } from '../support/vendor/start-vendor.ts';

const inFlight = 32;
const keys = 2_000;

interface Server {
  readonly url: string;
  readonly pid: number;
}

export const bench = defineBench({
  name: 'sandbox',
  about: 'requests that the sandbox answers, beside bare node:http',
  options: { requests: count(30_000, 'requests to each') },
  aims: () => ({}),
  run: ({ requests }) =>
    withOpened(async (keep) => {
      const bare = forkPart('bare-server', {});
      await keep(Promise.resolve(bare.part));
      const { url } = (await bare.answer) as { url: string };
      const least = await measure({ url, pid: bare.part.pid }, 'none', requests);
      const vendor = await keep(startVendor({ fleet: { keys } }));
      const own = await measure(vendor, await fetchToken(vendor.url), requests);
      const beside = (perSecond: number) => `bare node:http: ${Math.round(perSecond)}`;
      return [
        {
          ...{ name: 'answers per second of its processor time', unit: 'requests/s' },
          ...{ value: own.perCpuSecond, beside: beside(least.perCpuSecond) },
        },
        {
          ...{ name: 'answers', unit: 'requests/s', value: own.perSecond },
          beside: beside(least.perSecond),
        },
      ];
    }),
});

async function measure({ url, pid }: Server, token: string, requests: number) {
  await ask(url, token, Math.ceil(requests / 10));
  const before = readCpuSeconds(pid) ?? Number.NaN;
  const startedAt = performance.now();
  await ask(url, token, requests);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpu = (readCpuSeconds(pid) ?? Number.NaN) - before;
  return { perSecond: requests / seconds, perCpuSecond: requests / cpu };
}

async function ask(url: string, token: string, requests: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const headers = { authorization: `bearer ${token}` };
  let next = 0;
  const chain = async () => {
    while (next < requests) {
      const asked = get(`${url}/api-keys/key_${next++ % keys}`, { agent, headers });
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      await once(response.resume(), 'end');
      if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, chain));
  agent.destroy();
}
