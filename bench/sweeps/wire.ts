// A vendor with TLS, far away and asked for much at a time: HTTP/2 beside HTTP/1.1. Both are asked
// through the same source, and each vendor offers one of them only. The vendor is a process of its
// own, whose processor time is told too: both share this machine, and real vendors do not.
import { defineBench, type Figure } from '../support/define-bench.ts';
import { measureAsking, throughSource } from '../support/measure-asking.ts';
import { count } from '../support/option.ts';
import { forkPart } from '../support/processes/fork-part.ts';
import { readCpuSeconds } from '../support/processes/read-process.ts';
import { withOpened } from '../support/scope.ts';

interface Asked {
  readonly keys: number;
  readonly latencyMs: number;
  readonly inFlight: number;
  readonly rounds: number;
}

export const bench = defineBench({
  name: 'wire',
  about: 'requests to a vendor with TLS over HTTP/2, beside HTTP/1.1',
  options: {
    keys: count(20_000, 'keys asked for in each round'),
    latency: count(100, 'milliseconds before each answer'),
    'in-flight': count(500, 'requests in flight'),
    rounds: count(2, 'rounds after the one that connects and warms up'),
  },
  aims: () => ({}),
  async run({ keys, latency: latencyMs, 'in-flight': inFlight, rounds }) {
    // The vendor's certificate is its own. It is verified all the same, only not required to hold.
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    const asked = { keys, latencyMs, inFlight, rounds };
    const plain = await measure('http/1.1', asked);
    const multiplexed = await measure('h2', asked);
    return plain.map((figure, index) => {
      const { value = Number.NaN } = multiplexed[index] ?? {};
      return { ...figure, value, beside: `over HTTP/1.1: ${Math.round(figure.value)}` };
    });
  },
});

function measure(speaks: 'h2' | 'http/1.1', asked: Asked): Promise<readonly Figure[]> {
  const { keys, latencyMs, inFlight, rounds } = asked;
  return withOpened(async (keep) => {
    const { part, answer } = forkPart('tls-vendor', { speaks, latencyMs });
    const vendor = await keep(Promise.resolve(part));
    const { url } = (await answer) as { url: string };
    const source = await keep(Promise.resolve(throughSource(url, inFlight)));
    await measureAsking(source, { keys, rounds: 1, inFlight });
    const before = readCpuSeconds(vendor.pid) ?? Number.NaN;
    const { perSecond, cpuUs } = await measureAsking(source, { keys, rounds, inFlight });
    const vendorSeconds = (readCpuSeconds(vendor.pid) ?? Number.NaN) - before;
    const vendorUs = (vendorSeconds * 1_000_000) / (rounds * keys);
    const { connections } = (await vendor.ask({})) as { connections: number };
    return [
      { name: 'requests', unit: 'requests/s', value: perSecond },
      { name: 'processor time', unit: 'µs/request', value: cpuUs },
      { name: 'processor time of the vendor', unit: 'µs/request', value: vendorUs },
      { name: 'connections opened', unit: 'connections', value: connections },
    ];
  });
}
