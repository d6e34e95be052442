import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { jobId } from '../../src/queue/job-id.ts';
import { freshRedisPrefix } from '../support/redis.ts';

const url = inject('redisUrl');
const sweep = randomUUID();
const at = new Date('2026-11-23T02:30:00Z');
const ids = {
  tick: jobId.tick('a:b:c 7', at, 0),
  request: jobId.request(sweep, 0),
  batch: jobId.batch(sweep, 12, 3),
  close: jobId.close(sweep, 1),
  later: jobId.later('a:b:c 7', at),
  once: jobId.once('reconcile', sweep),
  minutely: jobId.minutely('reconcile', at),
};

test('deliveries to a channel are queued once a second, each channel for itself', () => {
  const late = (ms: number) => new Date(at.getTime() + ms);
  expect(jobId.later('siem', late(999))).toBe(jobId.later('siem', at));
  expect(jobId.later('siem', late(1_000))).not.toBe(jobId.later('siem', at));
  expect(jobId.later('mail', at)).not.toBe(jobId.later('siem', at));
});

test('the ids of different work differ', () => {
  const others = [
    jobId.tick('a', at, 0),
    jobId.tick('a', at, 1),
    jobId.tick('a', new Date(at.getTime() + 1), 0),
    jobId.tick('b', at, 0),
    jobId.batch(sweep, 1, 21),
    jobId.batch(sweep, 12, 1),
  ];
  expect(new Set(others).size).toBe(others.length);
});

describe.skipIf(url === undefined)('in BullMQ', () => {
  const { prefix, drop } = freshRedisPrefix(url ?? '');
  let connection: Redis;
  let queue: Queue;
  beforeAll(() => {
    connection = new Redis(url ?? '', { maxRetriesPerRequest: null });
    queue = new Queue('ids', { connection, prefix });
  });
  afterAll(async () => {
    await queue.close();
    connection.disconnect();
    await drop();
  });

  test.each(Object.entries(ids))(
    'the id of a %s is taken, and swallows a second job',
    async (...named) => {
      const [, id] = named;
      await queue.add('first', { n: 1 }, { jobId: id });
      await queue.add('second', { n: 2 }, { jobId: id });
      expect((await queue.getJob(id))?.data).toEqual({ n: 1 });
    },
  );
});
