import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import {
  canStartRedisGroups,
  type RedisGroup,
  startClusterGroup,
  startSentinelGroup,
} from '../support/redis-groups.ts';
import type { Running } from './command.ts';
import { queryRecords } from './records.ts';
import { createWorld, hasStack, staleKey, type World } from './world.ts';

let world: World;
let group: RedisGroup;
afterEach(async () => {
  await world.close();
  await group.close();
});

const fleet = Array.from({ length: 2_000 }, (_, at) => ({ ...staleKey, id: `key_${at}` }));
const rateLimit = { requests: 200, per: '1s' };

const state = `select s.closed_at is not null as closed, count(k.verdict)::integer as verdicts,
    count(*)::integer as keys from keysweep.sweep s
  join keysweep.sweep_key k on k.sweep_id = s.id group by s.id`;
const pending = `select count(*)::integer as count from keysweep.alert where state = 'pending'`;

/** What a worker says before it ends with 2, because its own connections get no work. */
const gaveUp = /the workers of this process are stuck, though the queue answers/;

/** A `start` whose supervisor starts it anew whenever it gives up, and only then. */
function keepStarted(of: World) {
  const runs: Running[] = [];
  let isEnding = false;
  const start = (): Running => {
    const run = of.launch(['start']);
    runs.push(run);
    run.ended.then(({ code }) => {
      if (code === 2 && !isEnding) start();
    });
    return run;
  };
  return {
    first: start(),
    lines: () => runs.flatMap(({ stderr }) => stderr.split('\n')),
    async end() {
      isEnding = true;
      return (await runs.at(-1)?.end('SIGTERM'))?.code;
    },
  };
}

const groups = {
  Sentinel: () => startSentinelGroup('keysweep'),
  Cluster: () => startClusterGroup('{keysweep}'),
};

describe.skipIf(!hasStack('redis') || !canStartRedisGroups())('the queue in Redis', () => {
  test.each(['Sentinel', 'Cluster'] as const)(
    'of %s, whose master dies in the middle of a sweep, loses neither verdicts nor alerts',
    async (kind) => {
      group = await groups[kind]();
      world = await createWorld({
        stack: 'redis',
        fleet,
        source: { rateLimit, concurrency: 20 },
        config: { queue: group.queue },
      });
      const workers = [keepStarted(world), keepStarted(world)];
      await Promise.all(workers.map(({ first }) => first.says('keysweep is ready')));
      // It may end when the queue is gone; its request stays.
      world.launch(['sweep', '--no-worker']);
      // A request that the queue does not take waits for the next look at the records.
      await eventually('the sweep runs', () => world.sandbox.requests.key > 400, {
        deadlineMs: 120_000,
      });
      await group.killMaster();
      const closed = await eventually(
        'the sweep is closed',
        async () => {
          const [sweep] = await queryRecords<{ closed: boolean }>(world, state);
          return sweep?.closed === true && sweep;
        },
        { deadlineMs: 300_000, everyMs: 250 },
      );
      expect(closed).toEqual({ closed: true, verdicts: 2_000, keys: 2_000 });
      const isDelivered = async () => {
        const [row] = await queryRecords<{ count: number }>(world, pending);
        return row?.count === 0;
      };
      await eventually('every alert is delivered', isDelivered, { deadlineMs: 120_000 });
      const bodies = world.receiver.received.map(({ body }) => JSON.parse(body).data);
      const opened = bodies.flatMap((data) => data.opened.map(({ keyId }: never) => keyId));
      expect(new Set(opened).size).toBe(2_000);
      const again = await world.run(['audit', 'key_0', '--no-worker']);
      expect({ code: again.code, stderr: again.stderr }).toMatchObject({ code: 1 });
      for (const worker of workers) {
        expect(await worker.end()).toBe(0);
        expect(
          worker
            .lines()
            .filter((line) => !gaveUp.test(line))
            .join('\n'),
        ).not.toMatch(/"level":"(?:error|fatal)"|"code":"Error"/);
      }
    },
  );
});
