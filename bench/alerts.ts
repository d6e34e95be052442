// Measures the delivery of 1,000 alerts to a fast webhook on this machine, from the moment they are
// due to the last answer. Compares it, in one run, with a bare loop that has the same number of
// signed POSTs and the same number in flight: `npm run bench:alerts`. Runs on the embedded store,
// then on PostgreSQL and Redis. The receiver and the loop are separate processes. Prints the
// seconds and their ratio; exits 1 above the aim.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import got from 'got';
import { sql } from 'kysely';
import { signWebhook } from '../src/alert/channels/webhook/sign-webhook.ts';
import type { PlannedAlert } from '../src/alert/message.ts';
import { json } from '../src/alert/render/json.ts';
import { createLog } from '../src/app/create-log.ts';
import { type App, openApp } from '../src/app/open-app.ts';
import { readConfig } from '../src/config/read-config.ts';
import { writeAlerts } from '../src/record/outbox/write-alerts.ts';
import {
  type Database,
  openEmbeddedDatabase,
  openPostgresDatabase,
} from '../src/record/store/database.ts';
import { migrate } from '../src/record/store/migrate.ts';
import { aCoverage, aFinding, aSweep } from '../test/alert/a-finding.ts';
import { freshDatabase } from '../test/support/postgres.ts';
import { findServer } from '../test/support/servers.ts';

const alerts = 1_000;
const inFlight = 20;
const findingsEach = 3;
const aimSeconds = 10;
const secret = 'whsec_YmVuY2gtd2ViaG9vay1zZWNyZXQtMDEyMzQ1Njc4OTA=';
/** One channel per round, because delivered alerts do not come again. */
const channels = ['first', 'second', 'third'];
const self = new URL(import.meta.url);

const roles: Readonly<Record<string, () => Promise<void>>> = { receiver, loop };
await (roles[process.argv[2] ?? ''] ?? bench)();

/** Answers at once, and reports once per path that all alerts have arrived. */
async function receiver(): Promise<void> {
  const seen = new Map<string, Set<string>>();
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(204).end();
      const { url = '', headers } = request;
      const ids = seen.get(url) ?? new Set();
      const before = ids.size;
      seen.set(url, ids.add(String(headers['webhook-id'])));
      if (before === ids.size || ids.size < alerts || url === '/loop') return;
      response.once('close', () => process.send?.({ done: url }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** `inFlight` chains of signed POSTs over kept connections; nothing is recorded. */
async function loop(): Promise<void> {
  const url = process.argv[3] ?? '';
  const { body } = json.render(message('loop'), new Date());
  const agent = { http: new Agent({ keepAlive: true, maxSockets: inFlight }) };
  const client = got.extend({ agent, retry: { limit: 0 }, timeout: { request: 10_000 } });
  let next = 0;
  const chain = async () => {
    while (next < alerts) {
      next += 1;
      const headers = signWebhook({ id: `id-${next}`, body }, secret, new Date());
      await client.post(url, { body, headers: { ...headers, 'content-type': 'application/json' } });
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: inFlight }, chain));
  process.send?.({ seconds: (performance.now() - startedAt) / 1_000 });
  process.exit(0);
}

function message(channel: string): PlannedAlert {
  const opened = Array.from({ length: findingsEach }, () => aFinding());
  const none = { reopened: [], resolved: [], lapsed: [], waived: [], reminders: [] };
  return {
    type: 'findings.changed',
    data: { sweep: aSweep, coverage: aCoverage, part: 1, parts: 1, opened, ...none },
    channel,
    part: 1,
    parts: 1,
    eventIds: [],
  };
}

async function bench(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-bench-'));
  const receiving = fork(self, ['receiver']);
  const [redis, postgres] = await Promise.all([
    findServer('redis', process.env),
    findServer('postgres', process.env),
  ]);
  try {
    const { origin } = await hear<{ origin: string }>(receiving);
    await writeWorld(folder, origin);
    const embedded = join(folder, 'store');
    await fill(await openEmbeddedDatabase(embedded), true);
    await benchOn('embedded', folder, { DATABASE_URL: `pglite:${embedded}` }, receiving, origin);
    if (!('url' in redis && 'url' in postgres)) throw new Error('needs Redis and PostgreSQL');
    const fresh = await freshDatabase(postgres.url);
    await fill(openPostgresDatabase(fresh.url, { connectionLost: () => undefined }), false);
    const env = { DATABASE_URL: fresh.url, REDIS_URL: redis.url };
    await benchOn('PostgreSQL and Redis', folder, env, receiving, `${origin}/servers`);
    await fresh.drop();
  } finally {
    receiving.kill();
    for (const server of [redis, postgres]) if ('url' in server) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeWorld(folder: string, origin: string): Promise<void> {
  await writeFile(join(folder, 'keys.csv'), 'source,key_id\nvendor,key_1\n');
  await writeFile(
    join(folder, 'policy.yaml'),
    'version: bench\nrules:\n  - { id: gone, type: missing, severity: low }\n',
  );
  const vendor = { id: 'vendor', type: 'flexcharge', appKey: 'key', appSecret: 'secret' };
  const config = {
    sources: [{ ...vendor, baseUrl: `${origin}/v1` }],
    inventory: [{ file: 'keys.csv' }],
    policy: 'policy.yaml',
    schedules: [],
    queue: { prefix: `bench-${process.pid}` },
    alerts: {
      // Each stack has its own paths, because the receiver counts by path.
      channels: channels.map((id) => ({
        id,
        type: 'webhook',
        url: `\${ORIGIN_OF_HOOKS}/${id}`,
        secret,
      })),
      allowPrivateNetworks: true,
    },
    log: { level: 'warn' },
  };
  // JSON is also YAML.
  await writeFile(join(folder, 'keysweep.yaml'), JSON.stringify(config));
}

/** Writes failed alerts, because a retry makes them due at a known moment. */
async function fill(database: Database, embedded: boolean): Promise<void> {
  await migrate(database, embedded);
  const planned = channels.flatMap((channel) =>
    Array.from({ length: alerts }, () => message(channel)),
  );
  const formats = new Map(channels.map((channel) => [channel, 'json' as const]));
  await database.transact(async (tx) => {
    await writeAlerts(tx, planned, { sweepId: null, destinations: { formats }, at: new Date() });
    await sql`update keysweep.alert set state = 'failed', ended_at = clock_timestamp()`.execute(tx);
  });
  await database.close();
}

async function benchOn(
  stack: string,
  folder: string,
  env: Readonly<Record<string, string>>,
  receiving: ChildProcess,
  origin: string,
): Promise<void> {
  const app = await open(folder, { ...env, ORIGIN_OF_HOOKS: origin });
  const measured: number[] = [];
  try {
    for (const channel of channels) {
      const bareLoop = fork(self, ['loop', new URL('/loop', origin).href]);
      const { seconds: bare } = await hear<{ seconds: number }>(bareLoop);
      const seconds = await deliverAll(app, channel, receiving);
      measured.push(seconds);
      const [bareText, text] = [bare.toFixed(2), seconds.toFixed(2)];
      const ratio = (seconds / bare).toFixed(1);
      say(`${stack}: ${alerts} alerts in ${text} s; bare loop ${bareText} s; ${ratio} times that`);
    }
  } finally {
    await app.stop();
  }
  if (Math.max(...measured) > aimSeconds) process.exitCode = 1;
}

async function deliverAll(app: App, channel: string, receiving: ChildProcess): Promise<number> {
  const arrived = hear<{ done: string }>(receiving);
  const startedAt = performance.now();
  let due = 0;
  let after: string | undefined;
  do {
    const { queued, next } = await app.operations.retryAlerts({ kind: 'failed', channel, after });
    due += queued.length;
    after = next ?? undefined;
  } while (after !== undefined);
  if (due !== alerts) throw new Error(`only ${due} alerts are due`);
  const { done } = await arrived;
  if (!done.endsWith(`/${channel}`)) throw new Error(`${done} was told`);
  return (performance.now() - startedAt) / 1_000;
}

async function open(folder: string, env: Readonly<Record<string, string>>): Promise<App> {
  const read = await readConfig({ path: join(folder, 'keysweep.yaml'), env, cwd: folder });
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  const { config, secrets } = read;
  const log = createLog(config.logLevel, secrets);
  const opened = await openApp({ config, secrets, log, roles: new Set(['worker']) });
  if (opened.kind === 'taken') throw new Error('the store is held');
  return opened.app;
}

async function hear<T>(child: ChildProcess): Promise<T> {
  const [first] = (await once(child, 'message')) as [T];
  return first;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
