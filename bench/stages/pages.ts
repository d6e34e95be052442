// The pages of the dashboard, in the embedded store and in PostgreSQL. The store is written by SQL
// (filled-store.ts). For each page the times on the server, and how many kB it has with its assets,
// uncompressed.

import { join } from 'node:path';
import { pino } from 'pino';
import type { Config } from '../../src/config/config.ts';
import { packageRoot } from '../../src/config/package-root.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { createListener } from '../../src/http/create-listener.ts';
import { createSite } from '../../src/http/create-site.ts';
import { listen } from '../../src/http/listen.ts';
import { createKeptBacktests } from '../../src/http/pages/backtest/keep-backtests.ts';
import { createPages } from '../../src/http/pages/create-pages.ts';
import { keepKeys } from '../../src/inventory/keep-keys.ts';
import { createLocalOperations } from '../../src/operations/local.ts';
import type { Database } from '../../src/record/store/database.ts';
import { migrate } from '../../src/record/store/migrate.ts';
import { under } from '../support/aim.ts';
import { defineBench, type Found } from '../support/define-bench.ts';
import { filledInventory, fillStore } from '../support/filled-store.ts';
import { median, overRounds } from '../support/median.ts';
import { onEachStore, storesOption } from '../support/on-each-store.ts';
import { count } from '../support/option.ts';

const aimMs = { postgres: 100, embedded: 300 };
const aimKb = 150;

const pathsFor = (keys: number): readonly string[] => [
  ...['/', '/?by=environment'],
  ...['/findings', '/findings?status=any', '/findings?sort=oldest', '/findings?owner=owner-3'],
  ...['/findings?text=key_777', '/findings?text=worker', '/findings?text=nowhere'],
  ...['/findings?status=any&text=worker&sort=newest'],
  ...['/keys', '/keys?verdict=fail', '/keys?owner=owner-3&verdict=fail', '/keys?severity=high'],
  ...['/keys?text=key_777', '/keys?text=worker', '/keys?text=nowhere', '/keys?tag=team-3'],
  ...['/keys/flexcharge-sandbox/key_7', `/keys/flexcharge-sandbox/key_${keys}`],
  ...['/scopes', '/scopes?owner=owner-3', '/scopes?type=public'],
  ...['/sweeps', '/sweeps/SWEEP', '/requests/00000000-0000-4000-8000-000000000001'],
  ...['/alerts', '/alerts?state=failed', '/policy', '/policy/rules/stale-45'],
  ...['/audit-log', '/audit-log?who=ops-3', '/audit-log?who=nobody'],
];

export const bench = defineBench({
  name: 'pages',
  about: 'milliseconds and bytes of every page of the dashboard',
  options: {
    keys: count(100_000, 'keys in the store'),
    nights: count(90, 'nights in the store'),
    rounds: count(9, 'times that each page is asked for, after the first'),
    stores: storesOption,
  },
  aims: ({ stores }) => {
    const chosen = stores === 'both' ? (['embedded', 'postgres'] as const) : [stores];
    const aimed = chosen.flatMap((store) => [
      [`${store}, slowest page`, under(aimMs[store])] as const,
      [`${store}, largest page`, under(aimKb)] as const,
    ]);
    return Object.fromEntries(aimed);
  },
  run: async ({ stores, rounds, ...filling }, say) => {
    const shipped = await readShipped();
    const config: Config = { ...shipped, inventory: keepKeys(filledInventory(filling.keys)) };
    return onEachStore(stores, async (database) => {
      const { kind } = database;
      await migrate(database, kind === 'embedded');
      await fillStore(database, config, filling);
      say(`${kind}: the store is written`);
      const site = await serve(database, config);
      const pages = await measureAll(database, site.origin, filling.keys, rounds);
      await site.close();
      return summarise(kind, pages);
    });
  },
});

async function readShipped(): Promise<Config> {
  const path = join(packageRoot(), 'config', 'keysweep.yaml');
  const read = await readConfig({ path, env: {}, cwd: packageRoot() });
  if (!read.ok) throw new Error('the shipped configuration has mistakes');
  return read.config;
}

interface Page {
  readonly path: string;
  readonly times: readonly number[];
  readonly kb: number;
}

async function measureAll(
  database: Database,
  origin: string,
  keys: number,
  rounds: number,
): Promise<readonly Page[]> {
  const assets = await weighAssets(origin);
  const pages: Page[] = [];
  for (const path of await placePaths(database, keys)) {
    const { times, bytes } = await measure(origin + path, rounds);
    pages.push({ path, times, kb: (bytes + assets) / 1_000 });
  }
  return pages;
}

function summarise(kind: Database['kind'], pages: readonly Page[]): readonly Found[] {
  const slowest = Math.max(...pages.map(({ times }) => median(times)));
  const largest = Math.max(...pages.map(({ kb }) => kb));
  return [
    { name: `${kind}, slowest page`, unit: 'ms', value: slowest },
    { name: `${kind}, largest page`, unit: 'kB', value: largest },
    ...pages.map(({ path, times, kb }) =>
      overRounds({ name: `${kind}, ${path}`, unit: 'ms', beside: `${Math.round(kb)} kB` }, times),
    ),
  ];
}

async function serve(database: Database, config: Config) {
  const log = pino({ level: 'silent' });
  const now = () => new Date();
  const wake = { request: async () => undefined, alerts: async () => undefined };
  const noted = () => undefined;
  const pages = createPages({
    means: { database, config },
    operationsFor: createLocalOperations(database, () => config, wake, noted),
    backtests: createKeptBacktests({ log, now }),
    ...{ noteDenied: noted, version: 'bench', log, now },
  });
  const site = createSite({
    http: { host: '127.0.0.1', hosts: [], publicUrl: undefined, trustedProxies: [] },
    open: [],
    routes: { '/': pages },
    findCaller: [() => ({ name: 'bench', role: 'operator', from: '127.0.0.1' })],
    log,
  });
  const { port, close } = await listen(createListener(site), { host: '127.0.0.1', port: 0 });
  return { origin: `http://127.0.0.1:${port}`, close };
}

async function placePaths({ db }: Database, keys: number): Promise<readonly string[]> {
  const { uuid } = await db
    .selectFrom('sweep')
    .select('uuid')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return pathsFor(keys).map((path) => path.replace('SWEEP', uuid));
}

async function weighAssets(origin: string): Promise<number> {
  const html = await (await fetch(origin)).text();
  const found = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  const sizes = found.map(async (path) => (await (await fetch(origin + path)).text()).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** The first time is not counted: it reads what no one has read yet. */
async function measure(url: string, rounds: number) {
  const times: number[] = [];
  let bytes = 0;
  for (let time = 0; time <= rounds; time += 1) {
    const answer = await fetch(url, { headers: { accept: 'text/html' } });
    const html = await answer.text();
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
    bytes = Buffer.byteLength(html);
    const ms = /dur=([\d.]+)/.exec(answer.headers.get('server-timing') ?? '')?.[1];
    if (time > 0) times.push(Number(ms));
  }
  return { times, bytes };
}
