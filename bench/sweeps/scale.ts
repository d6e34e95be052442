// Sweeps of more and more keys, each size with servers, vendor and worker of its own. What grows
// with the inventory is to be the time, in proportion, and the database. A worker process does the
// work, and another process asks for it over HTTP, so that the worker's memory is its own. The time
// is from the request to the close, opening included: that is what a user waits for.
import { atMost, under } from '../support/aim.ts';
import { defineBench, type Found, type Say } from '../support/define-bench.ts';
import { counts } from '../support/option.ts';
import { type ProcessWatch, watchProcesses } from '../support/processes/watch-processes.ts';
import { rounded } from '../support/render-lines.ts';
import { withOpened } from '../support/scope.ts';
import { type Span, secondsOf } from '../support/span.ts';
import { watchRequests } from '../support/world/await-request.ts';
import { openPlace, type PlaceWithServers } from '../support/world/open-place.ts';
import { type Started, startKeysweep } from '../support/world/run-keysweep.ts';
import { askServer, openToBench, requestWork } from '../support/world/server-client.ts';
import { watchQueue } from '../support/world/watch-queue.ts';

/** What the larger sizes are compared with: with fewer keys, the start of a sweep decides. */
const baseKeys = 10_000;

interface Measured {
  readonly keys: number;
  readonly usPerKey: number;
  readonly openingSeconds: number;
  readonly peakMb: number;
  readonly queueBytesPerKey: number;
  readonly processors: Found;
}

export const bench = defineBench({
  name: 'scale',
  about: 'time per key, memory and queue of sweeps of more and more keys',
  options: { sizes: counts([1_000, 10_000, 100_000, 1_000_000], 'keys, ascending') },
  aims: ({ sizes }) => {
    const largest = sizes.at(-1) ?? 0;
    const above = sizes.filter((keys) => keys > baseOf(sizes));
    return {
      ...Object.fromEntries(above.map((keys) => [`time per key, ${keys} keys`, atMost(1.15)])),
      ...Object.fromEntries(above.map((keys) => [`memory of a worker, ${keys} keys`, atMost(1.3)])),
      [`queue, ${largest} keys`]: under(20),
      [`opening, ${largest} keys`]: under(60),
    };
  },
  async run({ sizes }, say) {
    const measured: Measured[] = [];
    for (const keys of sizes) measured.push(await measure(keys, say));
    const base = measured.find(({ keys }) => keys === baseOf(sizes));
    return base === undefined ? [] : measured.flatMap((one) => figuresOf(one, base));
  },
});

const baseOf = (sizes: readonly number[]): number =>
  sizes.includes(baseKeys) ? baseKeys : (sizes[0] ?? 0);

function figuresOf(one: Measured, base: Measured): readonly Found[] {
  const { keys, openingSeconds, queueBytesPerKey, processors } = one;
  const ratio = (name: string, measure: 'usPerKey' | 'peakMb', unit: string): Found => ({
    ...{ name: `${name}, ${keys} keys`, unit: 'times', value: one[measure] / base[measure] },
    beside: `${base.keys} keys: ${rounded(base[measure])} ${unit}; here ${rounded(one[measure])}`,
  });
  return [
    ratio('time per key', 'usPerKey', 'µs'),
    ratio('memory of a worker', 'peakMb', 'MB'),
    { name: `queue, ${keys} keys`, unit: 'bytes/key', value: queueBytesPerKey },
    { name: `opening, ${keys} keys`, unit: 's', value: openingSeconds },
    processors,
  ];
}

const measure = (keys: number, say: Say): Promise<Measured> =>
  withOpened(async (keep) => {
    const place = await openPlace({ fleet: { keys }, config: { http: openToBench } }, keep);
    // So seldom that PostgreSQL's processor time is that of the sweep.
    const requests = await keep(watchRequests(place.servers.databaseUrl, 50));
    const asker = await keep(startKeysweep(place.world, ['--role', 'http']));
    const worker = await keep(startKeysweep(place.world, ['--role', 'worker']));
    const watch = await keep(watchAll(place, worker));
    const queue = await keep(watchQueue(place.servers));
    const from = Date.now();
    const request = await requestWork(asker, 'sweeps');
    await requests.opened(request);
    const opened = Date.now();
    await requests.closed(request);
    const span = { from, to: Date.now() };
    await checkAudited(asker, keys);
    say(`${keys} keys: ${secondsOf(span)} s`);
    return {
      keys,
      usPerKey: (secondsOf(span) * 1e6) / keys,
      openingSeconds: (opened - from) / 1_000,
      peakMb: watch.peakMb('worker'),
      queueBytesPerKey: queue.mostBytes() / keys,
      processors: processorTime(watch, span, keys),
    };
  });

async function watchAll({ vendor, servers }: PlaceWithServers, worker: Started) {
  const watch = watchProcesses();
  watch.add('worker', worker.pid);
  watch.add('vendor', vendor.pid);
  watch.add('PostgreSQL', servers.postgresPid);
  watch.add('Redis', servers.redisPid);
  return watch;
}

function processorTime(watch: ProcessWatch, span: Span, keys: number): Found {
  const times = ['worker', 'vendor', 'PostgreSQL', 'Redis'].flatMap((name) => {
    const seconds = watch.cpuSeconds(name, span);
    return seconds === undefined ? [] : [{ name, us: (seconds * 1e6) / keys }];
  });
  return {
    ...{ name: `processor time, ${keys} keys`, unit: 'µs/key' },
    value: times.reduce((sum, { us }) => sum + us, 0),
    beside: times.map(({ name, us }) => `${name} ${rounded(us)}`).join(', '),
  };
}

async function checkAudited(server: Started, keys: number): Promise<void> {
  const list = await askServer(server, 'sweeps?limit=1');
  const { items } = (await list.json()) as { items: { coverage: { audited: number } }[] };
  const audited = items[0]?.coverage.audited;
  if (audited !== keys) throw new Error(`only ${audited} of ${keys} keys were audited`);
}
