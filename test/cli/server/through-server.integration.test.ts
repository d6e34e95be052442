import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { hashToken } from '../../../src/config/http/http-config.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { createApi } from '../../../src/http/api/create-api.ts';
import { createListener } from '../../../src/http/create-listener.ts';
import { createSite } from '../../../src/http/create-site.ts';
import { createTokenFinder } from '../../../src/http/guard/find-token.ts';
import { createHoldOff } from '../../../src/http/guard/hold-off.ts';
import { listen } from '../../../src/http/listen.ts';
import { createLocalOperations } from '../../../src/operations/local.ts';
import { openPostgresDatabase } from '../../../src/record/store/database.ts';
import { goodConfig, keepWorkspace } from '../../config/workspace.ts';
import { inputs, judgedSweep, someKeys } from '../../record/world.ts';
import { freshDatabase } from '../../support/postgres.ts';
import { run } from '../run.ts';

const token = 'token-of-the-test';

/** A store with two sweeps, and a server of it, both in this process. */
async function open() {
  const fresh = await freshDatabase(inject('databaseUrl') ?? '', inject('migratedDatabase'));
  const database = openPostgresDatabase(fresh.url, { connectionLost: () => undefined });
  const using = inputs(someKeys(3, 'prod'));
  await judgedSweep(database, using);
  await judgedSweep(database, using, { key_1: { missing: true } });
  const { folder, remove } = keepWorkspace({
    'config/keysweep.yaml': `store: { url: "${fresh.url}" }\n${goodConfig}`,
    'config/keys.csv': 'source,key_id\nprod,key_0\nprod,key_1\nprod,key_2\n',
  });
  const file = join(folder, 'config', 'keysweep.yaml');
  const read = await readConfig({ path: file, env: {}, cwd: '/' });
  if (!read.ok) throw new Error('the configuration is wrong');
  const log = pino({ level: 'silent' });
  const wake = { request: async () => undefined, alerts: async () => undefined };
  const operationsFor = createLocalOperations(database, () => read.config, wake);
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
    alone: { KEYSWEEP_CONFIG: file },
    through: { KEYSWEEP_SERVER: `http://127.0.0.1:${listening.port}`, KEYSWEEP_TOKEN: token },
    async close() {
      await listening.close();
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
    [['policy', 'backtest', '--fail-on', 'info']],
    [['policy', 'backtest', '--since', '1d', '--format', 'json']],
    [['audit-log', '--outcome', 'failed']],
  ])('%j prints the same and ends the same', async (args) => {
    const through = await run(args, world.through);
    const alone = await run(args, world.alone);
    expect(through).toEqual(alone);
    expect(through.stdout + through.stderr).not.toBe('');
  });
});
