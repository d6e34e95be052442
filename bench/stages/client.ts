// What one key costs through a source, beside a bare got loop: processor time of this process per
// request. The vendor is a separate process, so that its time does not count.
import { Agent } from 'node:http';
import got from 'got';
import { fetchToken } from '../rivals/fetch-token.ts';
import { defineBench } from '../support/define-bench.ts';
import { type Ask, measureAsking, throughSource } from '../support/measure-asking.ts';
import { count } from '../support/option.ts';
import { withOpened } from '../support/scope.ts';
import { startVendor } from '../support/vendor/start-vendor.ts';

const inFlight = 20;

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
      const source = throughSource(url, inFlight);
      const once = { keys, rounds: 1, inFlight };
      await measureAsking(bare, once);
      await measureAsking(source, once);
      const loop = await measureAsking(bare, { keys, rounds, inFlight });
      const own = await measureAsking(source, { keys, rounds, inFlight });
      await source.close();
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
