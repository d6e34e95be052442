import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { canStartRedis, startRedis } from '../support/redis.ts';
import { queryRecords } from './records.ts';
import { createWorld, type Difference, hasStack, type World } from './world.ts';

interface Found {
  readonly schema: string;
  readonly status: string;
  readonly checks: readonly {
    readonly group: string;
    readonly check: string;
    readonly status: 'ok' | 'warning' | 'failure';
    readonly seen: string;
    readonly mend: string | null;
  }[];
}

const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

const schedules = [{ id: 'nightly', cron: '30 2 * * *', timezone: 'UTC' }];

async function aWorld(difference: Difference, redisArgs: readonly string[]): Promise<World> {
  const redis = await startRedis(redisArgs);
  closings.push(() => redis.close());
  const world = await createWorld({ ...difference, stack: 'redis', redisUrl: redis.url });
  closings.push(() => world.close());
  return world;
}

async function doctor(world: World, args: readonly string[] = []) {
  const { code, stdout, stderr } = await world.run(['doctor', '--format', 'json', ...args]);
  const found = JSON.parse(stdout) as Found;
  return { code, found, stdout, stderr };
}

/** A port at which nothing listens. */
async function refusedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}`;
}

describe.skipIf(!hasStack('redis') || !canStartRedis())('keysweep doctor', () => {
  test('finds all well in a healthy world, and exits 0', { tags: ['all'] }, async () => {
    const tokens = [{ name: 'ops', token: 'canary-token-of-ops-012345', role: 'operator' }];
    const http = { port: 0, tokens };
    const world = await aWorld({ config: { schedules, http } }, ['--appendonly', 'yes']);
    await world.run(['sweep']);
    // As if a `start` had swept at the last tick.
    await queryRecords(world, "update keysweep.sweep set schedule = 'nightly'");
    await queryRecords(
      world,
      `insert into keysweep.tick (schedule, due_at, outcome, trigger)
      values ('nightly', date_trunc('day', now()), 'opened', 'schedule')`,
    );
    const { code, found, stderr } = await doctor(world);
    expect(found.checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect({ code, stderr, status: found.status }).toEqual({ code: 0, stderr: '', status: 'ok' });
    expect(found.checks).toContainEqual(
      expect.objectContaining({
        check: 'nightly: last tick',
        seen: expect.stringMatching(/^due .*: its sweep opened in time$/),
      }),
    );
    const groups = new Set(found.checks.map(({ group }) => group));
    expect([...groups]).toEqual([
      ...[
        'configuration',
        'store',
        'queue',
        'clocks',
        'schedules',
        'sources',
        'channels',
        'http',
        'secret files',
        'work',
      ],
    ]);
  });

  test('warns of a Redis that forgets its jobs when it restarts, and exits 1', async () => {
    const tokens = [{ name: 'ops', token: 'canary-token-of-ops-012345', role: 'operator' }];
    const world = await aWorld({ config: { http: { port: 0, tokens } } }, []);
    const { code, found } = await doctor(world);
    expect(found.checks.filter(({ status }) => status !== 'ok')).toEqual([
      {
        ...{ group: 'queue', check: 'persistence', status: 'warning' },
        seen: expect.stringMatching(/^appendonly is off/),
        mend: 'set appendonly yes in Redis',
      },
    ]);
    expect({ code, status: found.status }).toEqual({ code: 1, status: 'warning' });
    const table = await world.run(['doctor']);
    expect(table.code).toBe(1);
    expect(table.stdout).toMatch(/warning +persistence +appendonly is off/);
    expect(table.stdout).toContain('mend: set appendonly yes in Redis');
  });

  test('a configuration with mistakes is a line for each, and exits 2', async () => {
    const world = await aWorld({ config: { retention: 'long', shedules: schedules } }, []);
    const { code, found, stderr } = await doctor(world);
    expect({ code, stderr, status: found.status }).toEqual({
      ...{ code: 2, stderr: '', status: 'failure' },
    });
    const failures = found.checks.filter(({ status }) => status === 'failure');
    expect(failures.map(({ group, seen }) => [group, seen])).toEqual([
      ['configuration', expect.stringMatching(/^\S*keysweep\.yaml:\d+:\d+ retention: /)],
      ['configuration', expect.stringMatching(/^\S*keysweep\.yaml:\d+:\d+ shedules: /)],
    ]);
    expect(found.checks.find(({ group }) => group === 'sources')?.seen).toMatch(/^not checked/);
  });

  test('names everything that is broken with its mend, and exits 2', async () => {
    const url = await refusedUrl();
    const world = await aWorld(
      {
        source: { appSecret: 'canary-wrong-secret' },
        config: {
          schedules,
          alerts: {
            channels: [{ id: 'siem', type: 'slack', url: `${url}/canary-path` }],
            allowPrivateNetworks: true,
          },
        },
      },
      ['--maxmemory-policy', 'allkeys-lru'],
    );
    const { code, found, stdout, stderr } = await doctor(world);
    expect({ code, status: found.status }).toEqual({ code: 2, status: 'failure' });
    const failures = found.checks.filter(({ status }) => status === 'failure');
    expect(failures).toEqual([
      {
        ...{ group: 'queue', check: 'queue', status: 'failure' },
        seen: expect.stringMatching(/^Redis at 127\.0\.0\.1:\d+ may evict jobs/),
        mend: expect.stringMatching(/^set maxmemory-policy to noeviction/),
      },
      {
        ...{ group: 'sources', check: 'vendor', status: 'failure' },
        seen: expect.stringMatching(/^unauthorized/),
        mend: expect.stringMatching(/credentials/),
      },
      {
        ...{ group: 'channels', check: 'siem', status: 'failure' },
        seen: 'it cannot be reached (ECONNREFUSED)',
        mend: 'nothing listens at this address: check the host and the port',
      },
    ]);
    expect(stdout + stderr).not.toMatch(/canary/);
  });
});
