import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createChannels } from '../../../src/alert/create-channels.ts';
import { judgeHere } from '../../../src/backtest/judging/judge-here.ts';
import { hashToken } from '../../../src/config/http/http-config.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { createApi } from '../../../src/http/api/create-api.ts';
import { createListener } from '../../../src/http/create-listener.ts';
import { createSite } from '../../../src/http/create-site.ts';
import { createTokenFinder } from '../../../src/http/guard/find-token.ts';
import { createHoldOff } from '../../../src/http/guard/hold-off.ts';
import { listen } from '../../../src/http/listen.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import { noProxies } from '../../../src/proxy/proxies.ts';
import { openPostgresDatabase } from '../../../src/record/store/database.ts';
import { openReceiver } from '../../alert/channels/receiver.ts';
import { goodConfig, keepWorkspace } from '../../config/workspace.ts';
import { inputs, judgedSweep, someKeys } from '../../record/world.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { run } from '../run.ts';

const token = 'token-of-the-test';

const alertsTo = (origin: string) => `alerts:
  allowPrivateNetworks: true
  channels:
    - { id: well, type: webhook, url: "${origin}/well" }
    - { id: gone, type: webhook, url: "${origin}/gone" }
`;

/** A store with two sweeps, and a server of it, both in this process. */
async function open() {
  const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
  const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
  const receiver = await openReceiver((response) => {
    response.writeHead(response.req.url === '/well' ? 200 : 410).end();
  });
  const using = inputs(someKeys(3, 'prod'));
  await judgedSweep(database, using);
  await judgedSweep(database, using, { key_1: { missing: true } });
  const { folder, remove } = keepWorkspace({
    'config/keysweep.yaml': `store: { url: "${fresh.url}" }\n${goodConfig}${alertsTo(receiver.origin)}`,
    'config/keys.csv': 'source,key_id\nprod,key_0\nprod,key_1\nprod,key_2\n',
  });
  const file = join(folder, 'config', 'keysweep.yaml');
  const read = await readConfig({ path: file, env: {}, cwd: '/' });
  if (!read.ok) throw new Error('the configuration is wrong');
  const log = pino({ level: 'silent' });
  const wake = { request: async () => undefined, alerts: async () => undefined };
  const { config, secrets } = read;
  const { alerts, owners, heartbeats } = config;
  const terms = { owners, heartbeats, secrets, log, now: () => new Date(), proxies: noProxies };
  const operationsFor = createLocalOperations(
    database,
    () => config,
    wake,
    () => undefined,
    () => judgeHere,
    createChannels({ ...alerts, ...terms }),
  );
  const tokens = [{ name: 'ops', role: 'operator', sha256: hashToken(token) } as const];
  const checks = { tokens, holdOff: createHoldOff(), noteDenied: () => undefined };
  const site = createSite({
    http: { host: '127.0.0.1', hosts: [], publicUrl: undefined, trustedProxies: [] },
    open: [],
    routes: { '/api/v1': createApi({ operationsFor: () => operationsFor, log }) },
    findCaller: [createTokenFinder(checks)],
    log,
  });
  const listening = await listen(createListener(site), { host: '127.0.0.1', port: 0 });
  return {
    receiver,
    alone: { KEYSWEEP_CONFIG: file },
    through: { KEYSWEEP_SERVER: `http://127.0.0.1:${listening.port}`, KEYSWEEP_TOKEN: token },
    async close() {
      await listening.close();
      await receiver.close();
      await database.close();
      await fresh.drop();
      remove();
    },
  };
}

describe.skipIf(inject('databaseUrl') === undefined)('through a server', { tags: ['all'] }, () => {
  let world: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    world = await open();
  });
  afterAll(() => world.close());

  test.each([
    [['report']],
    [['report', '--format', 'json']],
    [['report', '--format', 'csv', '--severity', 'high']],
    [['report', '--format', 'html', '--fail-on', 'critical']],
    [['report', 'ffffffff']],
    [['findings', '--format', 'csv']],
    [['findings', '--status', 'open', '--explain']],
    [['findings', '--owner', 'nobody']],
    [['findings', 'acknowledge', 'ffff', '--by', 'ann', '--reason', 'why']],
    [['keys', 'list', '--format', 'csv', '--fail-on', 'low']],
    [['keys', 'list', '--severity', 'low']],
    [['sweeps', 'list']],
    [['sweeps', 'list', '--limit', '1', '--format', 'csv']],
    [['sweeps', 'stop', 'ffffffff']],
    [['alerts', 'list']],
    [['alerts', 'retry', 'ffffffff', '--no-worker']],
    [['alerts', 'release', 'ffffffff', '--no-worker']],
    [['alerts', 'retry', '--failed', '--no-worker']],
    [['alerts', 'test', 'nobody']],
    [['alerts', 'test', 'gone']],
    [['audit-log', '--outcome', 'failed']],
  ])('%j prints the same and ends the same', async (args) => {
    const through = await run(args, world.through);
    const alone = await run(args, world.alone);
    expect(through).toEqual(alone);
    expect(through.stdout + through.stderr).not.toBe('');
  });

  test('a back-test without a policy tries that of the server', async () => {
    const { code, stdout, stderr } = await run(
      ['policy', 'backtest', '--format', 'json'],
      world.through,
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ policy: { version: '1' }, changes: { opens: 1, resolves: 1 } },
    });
  });

  test('a channel gets a test message from the server', async () => {
    const { receiver, through } = world;
    receiver.received.length = 0;
    const { code, stdout, stderr } = await run(['alerts', 'test', 'well'], through);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^delivered to well \(webhook\) in \d\.\d s\n$/);
    expect(receiver.received).toHaveLength(1);
  });
});
