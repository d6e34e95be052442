import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import type { Running } from './command.ts';
import { readJsonOutput } from './report.ts';
import { createWorld, freshKey, hasStack, staleKey, type World } from './world.ts';

/** A sweep of six batches that takes twenty seconds, for the vendor's limit is 60 a second. */
const keys = 1_200;
const rateLimit = { requests: 60, per: '1s' };
/** All of them have the program's own limits; the sweep has to end this soon after the fault. */
const withinMs = 60_000;

type Server = 'PostgreSQL' | 'Redis';

/** A worker that reaches its servers through proxies of its own. */
interface Worker extends Running {
  readonly proxies: Readonly<Record<Server, TcpProxy>>;
}

async function openWorld(): Promise<World> {
  const fleet = Array.from({ length: keys }, (_, at) => ({
    ...(at % 100 === 0 ? staleKey : freshKey),
    id: `key_${at}`,
  }));
  const world = await createWorld({ stack: 'redis', fleet, source: { rateLimit } });
  onTestFinished(() => world.close());
  return world;
}

async function throughProxy(url: string): Promise<{ proxy: TcpProxy; url: string }> {
  const through = new URL(url);
  const proxy = await openTcpProxy({ host: through.hostname, port: Number(through.port) });
  onTestFinished(() => proxy.close());
  through.host = `127.0.0.1:${proxy.port}`;
  return { proxy, url: through.href };
}

async function startWorker(world: World): Promise<Worker> {
  const postgres = await throughProxy(world.databaseUrl ?? '');
  const redis = await throughProxy(world.redisUrl ?? '');
  const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
  const running = world.launch(['start'], env);
  await running.says('keysweep is ready');
  return Object.assign(running, { proxies: { PostgreSQL: postgres.proxy, Redis: redis.proxy } });
}

const ask = (world: World) => world.launch(['sweep', '--no-worker', '--format', 'json']);

/** The sweep that was asked for ends in time, and has learned everything. */
async function expectWholeSweep(asking: Running): Promise<void> {
  const isOver = () => asking.child.exitCode !== null;
  await eventually('the sweep is closed', isOver, { deadlineMs: withinMs, everyMs: 100 });
  const ended = await asking.ended;
  expect(ended.code).toBe(1);
  const report = readJsonOutput(ended);
  expect(report.coverage).toMatchObject({ tracked: keys, audited: keys, unknown: 0 });
  expect(report.violations).toHaveLength(keys / 100);
}

const faults = [
  { server: 'PostgreSQL', workers: 2 },
  { server: 'Redis', workers: 2 },
  { server: 'PostgreSQL', workers: 1 },
  { server: 'Redis', workers: 1 },
] as const;

describe.skipIf(!hasStack('redis'))('connections that fall silent while new ones work', () => {
  test.each(faults)(
    'those of one of $workers to $server, in the middle of a sweep: it closes within a minute',
    async ({ server, workers }) => {
      const world = await openWorld();
      const started: Worker[] = [];
      while (started.length < workers) started.push(await startWorker(world));
      const asking = ask(world);
      await eventually('it is under way', () => world.sandbox.requests.key > keys / 4);
      started[0]?.proxies[server].mute();
      await expectWholeSweep(asking);
      for (const worker of started) expect((await worker.end('SIGTERM')).code).toBe(0);
    },
  );

  test('a worker whose own connections to Redis stay silent ends with exit 2, and says why', async () => {
    const world = await openWorld();
    const worker = await startWorker(world);
    // Sent when a worker takes or ends a job, not when jobs are added or counted.
    worker.proxies.Redis.muteAt(':limiter');
    const asking = ask(world);
    const isOver = () => worker.child.exitCode !== null;
    await eventually('it ends', isOver, { deadlineMs: 120_000, everyMs: 100 });
    const { code, stderr } = await worker.ended;
    expect(stderr).toContain('the workers of this process are stuck, though the queue answers');
    expect(code).toBe(2);
    // Its supervisor starts it anew, and the network is well again.
    await startWorker(world);
    await expectWholeSweep(asking);
  });
});
