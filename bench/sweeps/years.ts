// What hundreds of nights in the store do to the next night and to those who read. The store is
// filled by SQL (filled-store.ts), once with one night and once with all of them, which takes a while
// and gigabytes; the same sweeps then run in both. Pruning removes one night while a sweep runs; a
// look every few milliseconds sees whether a session of the sweep waits for a lock of the pruning.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { readConfig } from '../../src/config/read-config.ts';
import { openPostgresDatabase } from '../../src/record/store/database.ts';
import { pruneEvidence } from '../../src/record/sweeps/prune-evidence.ts';
import { atMost, under } from '../support/aim.ts';
import { defineBench, type Found, type Say } from '../support/define-bench.ts';
import { filledInventory, fillStore } from '../support/filled-store.ts';
import { median, overRounds } from '../support/median.ts';
import { count } from '../support/option.ts';
import { rounded } from '../support/render-lines.ts';
import { type Keep, withOpened } from '../support/scope.ts';
import { secondsOf } from '../support/span.ts';
import { openPlace, type PlaceWithServers } from '../support/world/open-place.ts';
import { type Started, startKeysweep } from '../support/world/run-keysweep.ts';
import { askServer, openToBench } from '../support/world/server-client.ts';
import { sweepWorld } from '../support/world/sweep.ts';

interface Years {
  readonly keys: number;
  readonly nights: number;
}

export const bench = defineBench({
  name: 'years',
  about: 'a night, reports, histories and pruning in a store with hundreds of nights',
  options: {
    keys: count(100_000, 'keys in the fleet; one in seven has an open finding'),
    nights: count(400, 'nights in the store'),
    rounds: count(3, 'sweeps in each store, and histories read for each of them'),
  },
  aims: () => ({
    'time of a night': atMost(1.15),
    ...Object.fromEntries(formats.map((format) => [slowest(format), under(2)])),
    'history of a key': under(50),
    'pruning of a night': under(1),
    'waits for the pruning': atMost(0),
  }),
  async run({ rounds, ...years }, say) {
    const one = await withOpened(async (keep) =>
      sweepTimes(await openFilled({ ...years, nights: 1 }, keep, say), years, rounds),
    );
    return withOpened(async (keep) => {
      const place = await openFilled(years, keep, say);
      const many = await sweepTimes(place, years, rounds);
      const beside = `with one night in the store: ${rounded(median(one))} s`;
      const ratio = { name: 'time of a night', unit: 'times', beside };
      const server = await keep(startKeysweep(place.world, ['--role', 'http']));
      return [
        { ...ratio, value: median(many) / median(one) },
        ...(await readReports(server, years)),
        await readHistories(server, years, rounds),
        ...(await prune(place, years)),
      ];
    });
  },
});

const formats = ['json', 'csv', 'html', 'sarif', 'table'] as const;
const slowest = (format: string) => `slowest report, ${format}`;

const sourceId = filledInventory(1)[0]?.source ?? '';

async function openFilled(years: Years, keep: Keep, say: Say): Promise<PlaceWithServers> {
  const { keys, nights } = years;
  const rows = filledInventory(keys).map(
    ({ source, keyId, owner, environment, approvedScopes, tags }) =>
      `${source},${keyId},${owner},${environment},${approvedScopes?.join('|')},${tags.join('|')}\n`,
  );
  const plan = { rows, source: { id: sourceId }, config: { http: openToBench } };
  // The fleet of the vendor begins with key_0, the store with key_1.
  const place = await openPlace({ fleet: { keys: keys + 1 }, ...plan }, keep);
  const { configFile, folder } = place.world;
  const read = await readConfig({ path: configFile, env: {}, cwd: folder });
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  const database = openDatabase(place.servers.databaseUrl);
  await fillStore(database, read.config, years);
  await database.close();
  say(`a store with ${nights} nights of ${keys} keys is filled`);
  return place;
}

const openDatabase = (url: string) =>
  openPostgresDatabase(url, { connectionLost: () => undefined });

/** Seconds of each sweep but the first, which finds other facts than the filled ones. */
async function sweepTimes({ world }: PlaceWithServers, { keys }: Years, rounds: number) {
  await sweepWorld(world, keys);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    times.push(secondsOf(await sweepWorld(world, keys)));
  }
  return times;
}

/**
 * In each format, the report of the oldest night, of one in the middle and of the newest filled one.
 */
async function readReports(server: Started, { nights }: Years): Promise<readonly Found[]> {
  const sweeps = await readAll(server, 'sweeps');
  const filled = sweeps.slice(-nights) as { id: string }[];
  const chosen = [filled.at(-1), filled[Math.floor(nights / 2)], filled[0]];
  const found: Found[] = [];
  for (const format of formats) {
    const taken: number[] = [];
    for (const sweep of chosen) {
      const startedAt = performance.now();
      await (await askServer(server, `sweeps/${sweep?.id}?format=${format}`)).arrayBuffer();
      taken.push((performance.now() - startedAt) / 1_000);
    }
    found.push({ name: slowest(format), unit: 's', value: Math.max(...taken), rounds: taken });
  }
  return found;
}

/** The median over keys all over the fleet. */
async function readHistories(server: Started, { keys }: Years, rounds: number): Promise<Found> {
  const taken: number[] = [];
  for (let n = 0; n < rounds * 10; n += 1) {
    const key = 1 + Math.floor((keys * n) / (rounds * 10));
    const startedAt = performance.now();
    await readAll(server, `keys/${sourceId}/key_${key}`);
    taken.push(performance.now() - startedAt);
  }
  return overRounds({ name: 'history of a key', unit: 'ms' }, taken);
}

/** All pages of a list. */
async function readAll(server: Started, path: string): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  let after = '';
  for (;;) {
    const answer = await askServer(server, `${path}?limit=1000${after}`);
    const page = (await answer.json()) as { items: unknown[]; next: string | null };
    items.push(...page.items);
    if (page.next === null) return items;
    after = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

/** Removes the oldest night while a sweep runs. */
async function prune({ world, servers }: PlaceWithServers, { keys, nights }: Years) {
  const sweeping = sweepWorld(world, keys);
  // The sweep is then between its opening and its close.
  await sleep(1_000);
  const url = new URL(servers.databaseUrl);
  url.searchParams.set('application_name', pruner);
  const database = openDatabase(url.href);
  const watch = await watchLocks(servers.databaseUrl);
  const startedAt = performance.now();
  const pruned = await pruneEvidence(database, (nights - 1.5) * 86_400_000);
  const seconds = (performance.now() - startedAt) / 1_000;
  const waits = await watch.end();
  await Promise.all([database.close(), sweeping]);
  if (pruned.sweeps !== 1) throw new Error(`${pruned.sweeps} nights were pruned, not one`);
  return [
    { name: 'pruning of a night', unit: 's', value: seconds, beside: 'while a sweep runs' },
    { name: 'waits for the pruning', unit: '', value: waits, beside: 'seen in looks every 5 ms' },
  ];
}

const pruner = 'keysweep-bench-prune';

/** Counts how often another session was seen to wait for one of the pruning. */
async function watchLocks(url: string) {
  const client = new Client({ connectionString: url });
  await client.connect();
  const text = `
    with pruning as (select array_agg(pid) as pids from pg_stat_activity where application_name = $1)
    select coalesce(cardinality(pids), 0) as sessions, (
      select count(*)::int from pg_stat_activity where wait_event_type = 'Lock'
        and application_name <> $1 and pg_blocking_pids(pid) && pids
    ) as waits from pruning`;
  let waits = 0;
  let seen = false;
  let watches = true;
  const watching = (async () => {
    while (watches) {
      const { rows } = await client.query({ name: 'waits', text, values: [pruner] });
      waits += rows[0]?.waits ?? 0;
      seen ||= rows[0]?.sessions > 0;
      await sleep(5);
    }
  })();
  return {
    async end() {
      watches = false;
      await watching;
      await client.end();
      if (!seen)
        throw new Error('no session of the pruning was seen: its waits would not be either');
      return waits;
    },
  };
}
