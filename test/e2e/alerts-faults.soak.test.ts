import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { canStartRedis, startRedis } from '../support/redis.ts';
import { type Changes, fleetOf, holdChannels, makeChanges, messagesOf } from './changing-fleet.ts';
import type { Running } from './command.ts';
import { type Journal, type Manners, openJournal } from './journal.ts';
import { openProducer } from './producer.ts';
import { queryRecords } from './records.ts';
import { createWorld, type Difference, hasStack, type World } from './world.ts';

const script = fileURLToPath(new URL('../../build/test/start-with-timings.js', import.meta.url));

let world: World;
let journal: Journal;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await world.close();
  await journal.close();
  for (const one of open.splice(0)) await one.close();
});

interface Scene extends Manners {
  readonly changes: Changes;
  /** By their ids: their types. */
  readonly channels: Readonly<Record<string, 'webhook' | 'slack'>>;
  readonly rateLimit?: object;
  readonly world?: Difference;
}

async function createNight({ changes, channels, rateLimit, world: difference, ...manners }: Scene) {
  world = await createWorld({ stack: 'redis', fleet: fleetOf(changes), ...difference });
  journal = await openJournal(world.folder, manners);
  const configured = Object.entries(channels).map(([id, type]) => {
    const limit = type === 'slack' && rateLimit !== undefined ? { rateLimit } : {};
    return { id, type, url: `${journal.origin}/${id}`, ...limit };
  });
  await world.write({ config: { alerts: { channels: configured, allowPrivateNetworks: true } } });
}

async function startWorker(): Promise<Running> {
  const running = world.launch([], {}, script);
  await running.says('keysweep is ready');
  return running;
}

const countPending = async () => {
  const rows = await queryRecords<{ count: number }>(
    world,
    `select count(*)::integer as count from keysweep.alert where state = 'pending'`,
  );
  return rows[0]?.count ?? -1;
};

/** Puts a `reconcile` on the queue now: by itself it comes once a minute. */
async function reconcileNow(): Promise<void> {
  const producer = openProducer(world);
  await producer.queue('keysweep-sweeps').add('reconcile', {});
  await producer.close();
}

/** Stops it while it waits for receivers: in a transaction it would keep its locks, as it should. */
async function stopWhileItWaits({ child }: Running): Promise<void> {
  const stopped = async () => {
    child.kill('SIGSTOP');
    const busy = await queryRecords(
      world,
      `select from pg_stat_activity
       where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`,
    );
    if (busy.length === 0) return true;
    child.kill('SIGCONT');
    return false;
  };
  await eventually('it is stopped and holds no lock', stopped, { deadlineMs: 20_000 });
}

const repeatsOf = (channel: string) => {
  const entries = journal.read().filter((entry) => entry.channel === channel);
  const counts = new Map<string, number>();
  for (const { id, body } of entries) {
    counts.set(id ?? body, (counts.get(id ?? body) ?? 0) + 1);
  }
  return [...counts.values()].map((count) => count - 1);
};
const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

test.skipIf(!hasStack('redis') || !canStartRedis())(
  'Redis, emptied between closing and delivery, delays alerts and loses none',
  async () => {
    const redis = await startRedis();
    open.push(redis);
    const changes = { keys: 20, rounds: 2, together: 1 };
    await createNight({
      changes,
      channels: { siem: 'webhook', slack: 'slack' },
      rateLimit: { requests: 1_000, per: '1s' },
      latencyMs: () => 0,
      world: { redisUrl: redis.url },
    });
    await holdChannels(world, ['siem', 'slack'], 3_600);
    const worker = await startWorker();
    await makeChanges(world, changes);
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    await holdChannels(world, ['siem', 'slack'], 0);
    expect(await countPending()).toBe(2 * messagesOf(changes));
    expect(journal.count()).toBe(0);
    const look = async () => {
      if ((await countPending()) === 0) return true;
      await reconcileNow();
      return false;
    };
    await eventually('reconcile has them delivered', look, { deadlineMs: 60_000, everyMs: 1_000 });
    for (const channel of ['siem', 'slack']) {
      expect(journal.count(channel)).toBe(messagesOf(changes));
      expect(sum(repeatsOf(channel))).toBe(0);
    }
    expect((await worker.end('SIGTERM')).code).toBe(0);
  },
);

test.skipIf(!hasStack('redis') || !canStartRedis()).each([
  ['empty', []],
  ['with its data', ['--appendonly', 'yes']],
] as const)(
  'Redis, killed while alerts are delivered and started again %s, loses and repeats none',
  async (_how, settings) => {
    const redis = await startRedis(settings);
    open.push(redis);
    const changes = { keys: 100, rounds: 1, together: 1 };
    await createNight({
      changes,
      channels: { siem: 'webhook', slack: 'slack' },
      rateLimit: { requests: 1_000, per: '1s' },
      latencyMs: () => 100,
      world: { redisUrl: redis.url },
    });
    await holdChannels(world, ['siem', 'slack'], 3_600);
    const workers = [await startWorker(), await startWorker()];
    await makeChanges(world, changes);
    await holdChannels(world, ['siem', 'slack'], 0);
    const midway = async () => {
      await reconcileNow();
      return journal.count('siem') >= 5 && journal.count('slack') >= 3;
    };
    await eventually('they are delivered', midway, { deadlineMs: 30_000, everyMs: 100 });
    await redis.kill();
    expect(await countPending()).toBeGreaterThan(10);
    await workers[0]?.says('a connection of the queue failed');
    await redis.restart();
    // The minute's `reconcile` finds what an empty Redis has lost.
    const all = async () => (await countPending()) === 0;
    await eventually('all are delivered', all, { deadlineMs: 150_000, everyMs: 250 });
    for (const channel of ['siem', 'slack']) {
      expect(journal.count(channel)).toBe(messagesOf(changes));
      expect(sum(repeatsOf(channel))).toBe(0);
    }
    for (const worker of workers) expect((await worker.end('SIGTERM')).code).toBe(0);
  },
);

describe.skipIf(!hasStack('redis'))('on Redis', () => {
  test('a worker that was stopped for longer than its lease while delivering records nothing afterwards', async () => {
    const changes = { keys: 100, rounds: 1, together: 1 };
    await createNight({
      changes,
      channels: { siem: 'webhook', slack: 'slack' },
      rateLimit: { requests: 1_000, per: '1s' },
      latencyMs: () => 150,
    });
    await holdChannels(world, ['siem', 'slack'], 3_600);
    const first = await startWorker();
    await makeChanges(world, changes);
    expect((await first.end('SIGTERM')).code).toBe(0);
    await holdChannels(world, ['siem', 'slack'], 0);

    const zombie = await startWorker();
    await reconcileNow();
    const midway = async () => {
      await reconcileNow();
      return journal.count('siem') >= 5 && journal.count('slack') >= 3;
    };
    await eventually('it delivers', midway, { deadlineMs: 30_000, everyMs: 100 });
    await stopWhileItWaits(zombie);
    expect(await countPending()).toBeGreaterThan(10);
    const other = await startWorker();
    await eventually('another takes over', async () => (await countPending()) === 0, {
      deadlineMs: 60_000,
    });
    const rows = () =>
      queryRecords(
        world,
        'select id, state, fence, attempts, detail, ended_at from keysweep.alert',
      );
    const before = await rows();
    zombie.child.kill('SIGCONT');
    const isOver = async () => {
      const unended = await queryRecords(
        world,
        'select from keysweep.delivery where ended_at is null',
      );
      return unended.length === 0;
    };
    await eventually('it has learned how its attempts ended', isOver, { deadlineMs: 30_000 });
    await zombie.says('"queue":"keysweep-alerts"');
    expect(await rows()).toEqual(before);
    expect(Math.max(...repeatsOf('siem'))).toBeLessThanOrEqual(1);
    expect(sum(repeatsOf('slack'))).toBeLessThanOrEqual(1);
    for (const worker of [zombie, other]) expect((await worker.end('SIGTERM')).code).toBe(0);
  });

  test('a slow channel and one that hangs delay no other', async () => {
    const changes = { keys: 100, rounds: 2, together: 1 };
    await createNight({
      changes,
      channels: { hangs: 'webhook', slow: 'slack', fast: 'webhook' },
      latencyMs: (channel) => (channel === 'hangs' ? 3_600_000 : 0),
    });
    const worker = await startWorker();
    await makeChanges(world, changes);
    const all = () => journal.count('fast') === messagesOf(changes);
    await eventually('the fast one has everything', all, { deadlineMs: 3_000 });
    expect(journal.count('slow')).toBeLessThan(messagesOf(changes) / 2);
    expect(journal.count('hangs')).toBeLessThan(messagesOf(changes));
    expect(await countPending()).toBeGreaterThan(messagesOf(changes));
    await worker.end('SIGKILL');
  });
});
