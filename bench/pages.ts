// Measures the pages of the dashboard: `npm run bench:pages -- [keys] [nights] [store]`, by default
// with 100,000 keys and 90 nights, in the embedded store and in PostgreSQL if it is available. The
// store is written by SQL (see filled-store.ts). Prints for each page the median and the slowest of
// its times on the server, and how many kB it has with its assets, uncompressed.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pino } from 'pino';
import type { Config } from '../src/config/config.ts';
import { packageRoot } from '../src/config/package-root.ts';
import { readConfig } from '../src/config/read-config.ts';
import { createListener } from '../src/http/create-listener.ts';
import { createSite } from '../src/http/create-site.ts';
import { listen } from '../src/http/listen.ts';
import { createKeptBacktests } from '../src/http/pages/backtest/keep-backtests.ts';
import { createPages } from '../src/http/pages/create-pages.ts';
import { createLocalOperations } from '../src/operations/local.ts';
import type { Database } from '../src/record/store/database.ts';
import { migrate } from '../src/record/store/migrate.ts';
import { filledInventory, fillStore } from './support/filled-store.ts';
import { onEachStore } from './support/on-each-store.ts';

const keys = Number(process.argv[2] ?? 100_000);
const nights = Number(process.argv[3] ?? 90);
const times = 9;
const aims = { postgres: 100, embedded: 300 };
const mostKb = 150;

const paths = [
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

const config: Config = { ...(await readShipped()), inventory: filledInventory(keys) };
await onEachStore(bench, process.argv[4]);

async function readShipped(): Promise<Config> {
  const path = join(packageRoot(), 'config', 'keysweep.yaml');
  const read = await readConfig({ path, env: {}, cwd: packageRoot() });
  if (!read.ok) throw new Error('the shipped configuration has mistakes');
  return read.config;
}

async function bench(database: Database): Promise<void> {
  await migrate(database, database.kind === 'embedded');
  const started = performance.now();
  await fillStore(database, config, { keys, nights });
  const seconds = Math.round((performance.now() - started) / 1_000);
  say(`${database.kind}: ${keys} keys, ${nights} nights, written in ${seconds} s`);
  const site = await serve(database);
  const assets = await weighAssets(site.origin);
  let worst = 0;
  for (const path of await placePaths(database)) {
    const { median, slowest, bytes } = await measure(site.origin + path);
    const kb = Math.round((bytes + assets) / 1_000);
    worst = Math.max(worst, median);
    const over = median > aims[database.kind] || kb > mostKb ? '  over' : '';
    const ms = `${median.toFixed(0).padStart(6)} ms ${slowest.toFixed(0).padStart(6)} ms at most`;
    say(`${ms} ${String(kb).padStart(5)} kB  ${path}${over}`);
  }
  say(`the slowest page took ${worst.toFixed(0)} ms; the aim is ${aims[database.kind]} ms`);
  await site.close();
}

async function serve(database: Database) {
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

async function placePaths({ db }: Database): Promise<readonly string[]> {
  const { uuid } = await db
    .selectFrom('sweep')
    .select('uuid')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return paths.map((path) => path.replace('SWEEP', uuid));
}

async function weighAssets(origin: string): Promise<number> {
  const html = await (await fetch(origin)).text();
  const found = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  const sizes = found.map(async (path) => (await (await fetch(origin + path)).text()).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** The first time is not counted: it reads what no one has read yet. */
async function measure(url: string) {
  const taken: number[] = [];
  let bytes = 0;
  for (let time = 0; time <= times; time += 1) {
    const answer = await fetch(url, { headers: { accept: 'text/html' } });
    const html = await answer.text();
    if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
    bytes = Buffer.byteLength(html);
    const ms = /dur=([\d.]+)/.exec(answer.headers.get('server-timing') ?? '')?.[1];
    if (time > 0) taken.push(Number(ms));
  }
  taken.sort((a, b) => a - b);
  return { median: taken[Math.floor(times / 2)] ?? 0, slowest: taken.at(-1) ?? 0, bytes };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
