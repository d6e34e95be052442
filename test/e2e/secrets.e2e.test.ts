import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { canStartRedis, startRedis } from '../support/redis.ts';
import type { Ended, Running } from './command.ts';
import { openProducer } from './producer.ts';
import { queryRecords } from './records.ts';
import { tracingSdk } from './tracing-sdk.ts';
import { createWorld, hasStack, staleKey, type World } from './world.ts';

const secrets = {
  appKey: 'canary-app-key-4f1d',
  appSecret: 'canary/app+secret=9c2e',
  webhook: 'Y2FuYXJ5LXdlYmhvb2stc2VjcmV0LWtlZXAtbWU=',
  hookPath: 'canary-hook-path-77aa',
  redis: 'canary-redis-password-31b0',
  slackPath: 'canary-slack-path-52ce',
  teamsQuery: 'canary-teams-query-08dd',
  routingKey: 'canary-routing-key-66e1',
  smtp: 'canary-smtp-password-b49a',
};

let world: World;
afterEach(() => world.close());

/** A secret as it may appear: as it is, in URLs, in base64. */
const forms = Object.values(secrets).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
]);

function expectClean(what: string, text: string): void {
  const found = forms.filter((form) => text.includes(form));
  expect(found, `${what} holds a secret`).toEqual([]);
}

const written = ({ stdout, stderr }: Pick<Ended, 'stdout' | 'stderr'>) => stdout + stderr;

/** All that a Redis holds, as text. */
async function dumpRedis(url: string): Promise<string> {
  const client = new Redis(url);
  const pieces: string[] = [];
  for (const key of await client.keys('*')) {
    const type = await client.type(key);
    const value: unknown =
      type === 'hash' ? await client.hgetall(key) : type === 'string' ? await client.get(key) : [];
    pieces.push(key, JSON.stringify(value));
    if (type === 'stream') pieces.push(JSON.stringify(await client.xrange(key, '-', '+')));
  }
  client.disconnect();
  return pieces.join('\n');
}

async function dumpTables(): Promise<string> {
  const tables = await queryRecords<{ name: string }>(
    world,
    "select table_name as name from information_schema.tables where table_schema = 'keysweep'",
  );
  const texts = [];
  for (const { name } of tables) {
    const rows = await queryRecords(world, `select t::text as row from keysweep."${name}" t`);
    texts.push(JSON.stringify(rows));
  }
  return texts.join('\n');
}

async function scrape({ stderr }: Running): Promise<string> {
  const ready = stderr.split('\n').find((line) => line.includes('keysweep is ready')) ?? '';
  const answer = await fetch(`http://127.0.0.1:${JSON.parse(ready).port}/metrics`);
  return answer.text();
}

test.skipIf(!hasStack('redis') || !canStartRedis())(
  'no secret is printed or stored when everything fails at once',
  { tags: ['all'] },
  async () => {
    const redis = await startRedis();
    const admin = new Redis(redis.url);
    await admin.config('SET', 'requirepass', secrets.redis);
    admin.disconnect();
    const redisUrl = redis.url.replace('//', `//:${secrets.redis}@`);
    // A vendor and a webhook that send back what they were sent, as broken gateways do.
    const echo = createServer((request, response) => {
      const body: Buffer[] = [];
      request.on('data', (chunk: Buffer) => body.push(chunk));
      request.on('end', () => {
        response.statusCode = 500;
        response.end(`${request.url} ${JSON.stringify(request.headers)} ${Buffer.concat(body)}`);
      });
    });
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const origin = `http://127.0.0.1:${(echo.address() as AddressInfo).port}`;
    const { host } = new URL(origin);
    const from = { from: 'keysweep@shop.example', to: ['security@shop.example'] };
    const channels = [
      {
        id: 'siem',
        type: 'webhook',
        url: `${origin}/${secrets.hookPath}`,
        secret: `whsec_${secrets.webhook}`,
      },
      { id: 'chat', type: 'slack', url: `${origin}/${secrets.slackPath}` },
      { id: 'teams', type: 'teams', url: `${origin}/flow?sig=${secrets.teamsQuery}` },
      { id: 'oncall', type: 'pagerduty', routingKey: secrets.routingKey, url: `${origin}/v2` },
      // A web server answers mail with an error that holds what it was sent.
      { id: 'mail', type: 'email', smtp: `smtp://ann:${secrets.smtp}@${host}`, ...from },
    ];
    const vendor = {
      baseUrl: `${origin}/v1`,
      appKey: secrets.appKey,
      appSecret: secrets.appSecret,
    };
    world = await createWorld({
      stack: 'redis',
      redisUrl,
      source: { ...vendor, attempts: 1 },
      config: {
        alerts: {
          channels: [...channels, { id: 'console', type: 'log' }],
          allowPrivateNetworks: true,
        },
        log: { level: 'trace' },
      },
    });
    const spans = join(world.folder, 'spans');
    const running = world.launch(['start'], {
      NODE_OPTIONS: `--import=${tracingSdk}`,
      TRACE_FILE: spans,
    });
    await running.says('keysweep is ready');
    const swept = await world.run(['sweep', '--no-worker', '--format', 'json']);
    expect(swept.code).toBe(3);
    const producer = openProducer(world);
    await producer.queue('keysweep-requests').add('audit-keys', { keys: 'nonsense' });
    const failed = () =>
      queryRecords(world, 'select distinct channel from keysweep.alert where detail is not null');
    const each = async () => (await failed()).length === channels.length;
    await eventually('a delivery has failed on every channel', each);
    await producer.close();
    expectClean('the report', written(swept));
    for (const [what, text] of [
      ['the metrics', await scrape(running)],
      ['the spans', await readFile(spans, 'utf8')],
    ] as const) {
      expect(text).toContain('keysweep');
      expect(text).not.toContain(staleKey.id);
      expectClean(what, text);
    }
    expectClean('Redis', await dumpRedis(redisUrl));
    const tables = await dumpTables();
    expect(tables).toContain(staleKey.id);
    expectClean('a table', tables);
    expectClean('the list', written(await world.run(['alerts', 'list', '--format', 'json'])));
    for (const { id } of channels) {
      const tried = await world.run(['alerts', 'test', id]);
      expect(tried.code).toBe(2);
      expectClean(`trying ${id}`, written(tried));
    }

    await redis.kill();
    await running.says('a connection of the queue failed');
    expectClean('a failed sweep', written(await world.run(['sweep'])));
    expectClean('the log', written(await running.end('SIGTERM')));
    await redis.close();
    echo.closeAllConnections();
    await new Promise((resolve) => echo.close(resolve));
  },
);

test('a misplaced secret in the configuration is not shown in the mistake', async () => {
  world = await createWorld({
    source: { rateLimit: secrets.appSecret, baseUrl: `ftp://u:${secrets.redis}@host` },
    config: { store: { url: `mysql://u:${secrets.redis}@host/db` } },
  });
  const ended = await world.run(['sweep']);
  expect(ended.code).toBe(2);
  expectClean('the mistakes', written(ended));
});
