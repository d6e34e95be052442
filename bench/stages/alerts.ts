// The delivery of alerts to a webhook that answers at once, from the moment they are due to the last
// answer, beside a bare loop of the same number of signed POSTs. On the embedded store, then on
// PostgreSQL and Redis. The receiver and the loop are processes of their own.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createLog } from '../../src/app/create-log.ts';
import { type App, openApp } from '../../src/app/open-app.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { writeAlerts } from '../../src/record/outbox/write-alerts.ts';
import {
  type Database,
  openEmbeddedDatabase,
  openPostgresDatabase,
} from '../../src/record/store/database.ts';
import { migrate } from '../../src/record/store/migrate.ts';
import { atMost } from '../support/aim.ts';
import { defineBench, type Found } from '../support/define-bench.ts';
import { overRounds } from '../support/median.ts';
import { count } from '../support/option.ts';
import { forkPart, type Part, runPart } from '../support/processes/fork-part.ts';
import { rounded } from '../support/render-lines.ts';
import { withOpened } from '../support/scope.ts';
import { type Span, secondsOf } from '../support/span.ts';
import { plannedAlert, webhookSecret } from '../support/webhooks/planned-alert.ts';
import { openServers } from '../support/world/open-servers.ts';

const inFlight = 20;
/** One channel per round, because delivered alerts do not come again. */
const channels = ['first', 'second', 'third'];

export const bench = defineBench({
  name: 'alerts',
  about: 'delivery of alerts to a webhook, beside a bare loop of signed POSTs',
  options: { alerts: count(1_000, 'alerts in each of three rounds') },
  aims: () => ({ 'embedded, delivery': atMost(10), 'servers, delivery': atMost(10) }),
  run: ({ alerts }) =>
    withOpened(async (keep) => {
      const { part, answer } = forkPart('receiver', {});
      const receiver = await keep(Promise.resolve(part));
      const { origin } = (await answer) as { origin: string };
      const folder = await mkdtemp(join(tmpdir(), 'keysweep-bench-'));
      await keep(Promise.resolve({ close: () => rm(folder, { recursive: true, force: true }) }));
      await writeWorld(folder, origin);
      const stack = { folder, receiver, origin, alerts };
      const store = join(folder, 'store');
      await fill(await openEmbeddedDatabase(store), true, alerts);
      const embedded = await measure(
        { ...stack, env: { DATABASE_URL: `pglite:${store}` } },
        'embedded',
      );
      const { databaseUrl, redisUrl } = await keep(openServers());
      const database = openPostgresDatabase(databaseUrl, { connectionLost: () => undefined });
      await fill(database, false, alerts);
      const env = { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl };
      return [...embedded, ...(await measure({ ...stack, env }, 'servers'))];
    }),
});

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
        ...{ id, type: 'webhook', url: `\${HOOKS}/${id}`, secret: webhookSecret },
      })),
      allowPrivateNetworks: true,
    },
    log: { level: 'warn' },
  };
  // JSON is also YAML.
  await writeFile(join(folder, 'keysweep.yaml'), JSON.stringify(config));
}

/** Writes failed alerts, because a retry makes them due at a known moment. */
async function fill(database: Database, embedded: boolean, alerts: number): Promise<void> {
  await migrate(database, embedded);
  const planned = channels.flatMap((channel) =>
    Array.from({ length: alerts }, () => plannedAlert(channel)),
  );
  const formats = new Map(channels.map((channel) => [channel, 'json' as const]));
  await database.transact(async (tx) => {
    await writeAlerts(tx, planned, { sweepId: null, destinations: { formats }, at: new Date() });
    await sql`update keysweep.alert set state = 'failed', ended_at = clock_timestamp()`.execute(tx);
  });
  await database.close();
}

interface Stack {
  readonly folder: string;
  readonly receiver: Part;
  readonly origin: string;
  readonly alerts: number;
  readonly env: Readonly<Record<string, string>>;
}

async function measure(stack: Stack, name: string): Promise<readonly Found[]> {
  const { origin, alerts } = stack;
  const app = await open(stack, `${origin}/${name}`);
  const times: number[] = [];
  const ratios: number[] = [];
  let bare = 0;
  try {
    for (const channel of channels) {
      const loop = { url: `${origin}/loop`, alerts, inFlight };
      bare = secondsOf(await runPart<Span>('post-loop', loop));
      const seconds = await deliverAll(app, channel, stack, `/${name}/${channel}`);
      times.push(seconds);
      ratios.push(seconds / bare);
    }
  } finally {
    await app.stop();
  }
  const beside = `the bare loop, at last ${rounded(bare)} s`;
  return [
    overRounds({ name: `${name}, delivery`, unit: 's' }, times),
    overRounds({ name: `${name}, time beside the loop`, unit: 'times', beside }, ratios),
  ];
}

async function deliverAll(
  app: App,
  channel: string,
  { alerts, receiver }: Stack,
  path: string,
): Promise<number> {
  const arrived = receiver.ask({ path, count: alerts });
  const startedAt = performance.now();
  let due = 0;
  let after: string | undefined;
  do {
    const { queued, next } = await app.operations.retryAlerts({ kind: 'failed', channel, after });
    due += queued.length;
    after = next ?? undefined;
  } while (after !== undefined);
  if (due !== alerts) throw new Error(`only ${due} alerts are due`);
  await arrived;
  return (performance.now() - startedAt) / 1_000;
}

async function open({ folder, env }: Stack, hooks: string): Promise<App> {
  const path = join(folder, 'keysweep.yaml');
  const read = await readConfig({ path, env: { ...env, HOOKS: hooks }, cwd: folder });
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  const { config, secrets } = read;
  const log = createLog(config.logLevel, secrets);
  const opened = await openApp({ config, secrets, log, roles: new Set(['worker']) });
  if (opened.kind === 'taken') throw new Error('the store is held');
  return opened.app;
}
