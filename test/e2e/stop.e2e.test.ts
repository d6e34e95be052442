import { afterEach, describe, expect, test } from 'vitest';
import type { OwnServer } from '../support/child-server.ts';
import { eventually } from '../support/eventually.ts';
import { canStartPostgres, startPostgres } from '../support/postgres.ts';
import { canStartRedis, startRedis } from '../support/redis.ts';
import type { Running } from './command.ts';
import { makeDue } from './due-ticks.ts';
import { createWorld, freshKey, type World } from './world.ts';

/** What an operator's “stop” waits before it kills: ten seconds with Docker, thirty elsewhere. */
const patienceMs = 10_000;

let world: World;
const servers: OwnServer[] = [];
afterEach(async () => {
  for (const { pid } of servers) if (pid !== undefined) process.kill(pid, 'SIGCONT');
  await world.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function startUnderWay(): Promise<Running> {
  servers.push(await startRedis(), await startPostgres());
  const [redis, postgres] = servers;
  const fleet = Array.from({ length: 300 }, (_, at) => ({
    ...freshKey,
    id: `key_${at}`,
    fault: 'latency=500ms',
  }));
  world = await createWorld({
    stack: 'redis',
    fleet,
    redisUrl: redis?.url ?? '',
    databaseUrl: postgres?.url ?? '',
    config: { schedules: [{ id: 'often', cron: '* * * * *' }] },
  });
  await makeDue(world, 'often');
  const running = world.launch(['start']);
  await running.says('keysweep is ready');
  await eventually('a sweep is under way', () => world.sandbox.requests.key > 5);
  return running;
}

const signalServers = (signal: NodeJS.Signals) => {
  for (const { pid } of servers) if (pid !== undefined) process.kill(pid, signal);
};

async function expectStops(running: Running): Promise<void> {
  const started = performance.now();
  expect(await running.end('SIGTERM')).toMatchObject({ code: 0, signal: null });
  expect(performance.now() - started).toBeLessThan(patienceMs);
}

test('start on the embedded store exits 0 on SIGTERM', async () => {
  world = await createWorld();
  const running = world.launch(['start']);
  await running.says('keysweep is ready');
  await expectStops(running);
});

describe.skipIf(!canStartRedis() || !canStartPostgres())('in the middle of a sweep', () => {
  test('start exits 0', async () => {
    await expectStops(await startUnderWay());
  });

  test('start exits 0 even if Redis and PostgreSQL were killed', { tags: ['all'] }, async () => {
    const running = await startUnderWay();
    await Promise.all(servers.map((server) => server.kill()));
    await running.says('was lost');
    await expectStops(running);
  });

  test('start exits 0 even if Redis and PostgreSQL hang, and at once after a second signal', {
    tags: ['all'],
  }, async () => {
    const running = await startUnderWay();
    signalServers('SIGSTOP');
    await expectStops(running);

    signalServers('SIGCONT');
    const second = world.launch(['start']);
    await second.says('keysweep is ready');
    signalServers('SIGSTOP');
    second.child.kill('SIGTERM');
    await second.says('keysweep is stopping');
    const started = performance.now();
    expect((await second.end('SIGTERM')).code).toBe(143);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  test('start survives a restart of Redis and PostgreSQL', { tags: ['all'] }, async () => {
    const running = await startUnderWay();
    await Promise.all(servers.map((server) => server.kill()));
    await running.says('was lost');
    await Promise.all(servers.map((server) => server.restart()));
    const before = world.sandbox.requests.key;
    await eventually('keys are asked for again', () => world.sandbox.requests.key > before + 20, {
      deadlineMs: 60_000,
    });
    await expectStops(running);
  });
});
