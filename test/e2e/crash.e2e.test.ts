import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Running } from './command.ts';
import { openProducer } from './producer.ts';
import { queryRecords } from './records.ts';
import { type ReportText, readJsonOutput } from './report.ts';
import {
  createWorld,
  describeStacks,
  freshKey,
  hasStack,
  type Stack,
  staleKey,
  type World,
} from './world.ts';

const script = fileURLToPath(new URL('../../build/test/start-with-timings.js', import.meta.url));
const keys = 600;

let world: World;
afterEach(() => world.close());

/** Six hundred keys, every tenth forgotten, that take about two seconds to ask for. */
async function createNight(stack: Stack): Promise<void> {
  const fleet = Array.from({ length: keys }, (_, at) => ({
    ...(at % 10 === 0 ? staleKey : freshKey),
    id: `key_${at}`,
    fault: 'latency=30ms',
  }));
  world = await createWorld({ stack, fleet });
}

const startWorker = async (): Promise<Running> => {
  const running = world.launch([], {}, script);
  await running.says('keysweep is ready');
  return running;
};

/**
 * Asks for a full sweep and waits until it is open: whoever asks writes the request first and then
 * wakes the queue, and is not to be killed in between.
 */
async function ask(): Promise<void> {
  const asking = world.launch(['sweep', '--no-worker', '--quiet']);
  const opened = async () => (await queryRecords(world, 'select from keysweep.sweep')).length > 0;
  await eventually('the sweep is open', opened);
  await asking.end('SIGKILL');
}

const isClosed = async () =>
  (await queryRecords(world, 'select from keysweep.sweep where closed_at is not null')).length > 0;

/** What must be true of the sweep, whatever has happened to those who worked on it. */
async function expectWholeSweep(): Promise<void> {
  await eventually('the sweep is closed', isClosed, { deadlineMs: 60_000, everyMs: 100 });
  const report = readJsonOutput<ReportText>(await world.run(['report', '--format', 'json']));
  expect(report.coverage).toMatchObject({ tracked: keys, audited: keys, unknown: 0 });
  expect(new Set(report.keys.map(({ keyId }) => keyId)).size).toBe(keys);
  expect(report.violations).toHaveLength(keys / 10);
  const told = () => {
    const bodies = world.receiver.received.map(({ body }) => JSON.parse(body));
    const ids = new Set(
      bodies.flatMap((body) => body.data.opened.map(({ keyId }: { keyId: string }) => keyId)),
    );
    return ids.size === keys / 10;
  };
  await eventually('every finding was told', told, { deadlineMs: 30_000 });
  const ids = new Map(
    world.receiver.received.map(({ headers, body }) => [headers['webhook-id'], body]),
  );
  // Repeats carry the id of the first: a receiver that heeds it sees each message once.
  const opened = [...ids.values()].flatMap((body) => JSON.parse(body).data.opened);
  expect(opened).toHaveLength(keys / 10);
}

/** Puts a `reconcile` on the queue now: by itself it comes once a minute. */
async function reconcileNow(): Promise<void> {
  const producer = openProducer(world);
  await producer.queue('keysweep-sweeps').add('reconcile', {});
  await producer.close();
}

describeStacks('a worker', ['postgres', 'redis'], (stack) => {
  test('that is killed repeatedly loses no key and no alert', async () => {
    await createNight(stack);
    let worker = await startWorker();
    await ask();
    for (let kills = 0; kills < 3 && !(await isClosed()); kills += 1) {
      await sleep(200 + Math.random() * 1_200);
      await worker.end('SIGKILL');
      worker = await startWorker();
    }
    await expectWholeSweep();
    expect((await worker.end('SIGTERM')).code).toBe(0);
  });
});

describe.skipIf(!hasStack('redis'))('on Redis', () => {
  const flush = async () => {
    const client = new Redis(world.redisUrl ?? '');
    for await (const found of client.scanStream({ match: `${world.prefix}*`, count: 1_000 })) {
      if (found.length > 0) await client.unlink(...found);
    }
    client.disconnect();
  };

  test('a queue that loses everything in the middle delays the sweep and loses none of it', {
    tags: ['all'],
  }, async () => {
    await createNight('redis');
    await startWorker();
    await ask();
    await eventually('it is under way', () => world.sandbox.requests.key > 100);
    await flush();
    const look = async () => {
      if (await isClosed()) return true;
      await reconcileNow();
      return false;
    };
    await eventually('reconcile finishes it', look, { deadlineMs: 60_000, everyMs: 1_000 });
    await expectWholeSweep();
  });

  test('a worker that was stopped for longer than its lock writes nothing from before', {
    tags: ['all'],
  }, async () => {
    await createNight('redis');
    const zombie = await startWorker();
    await ask();
    await eventually('it holds keys', () => world.sandbox.requests.key > 100);
    zombie.child.kill('SIGSTOP');
    await startWorker();
    await eventually('another takes over', isClosed, { deadlineMs: 60_000, everyMs: 100 });
    const rows = () =>
      queryRecords(world, 'select key_id, verdict, observed_at from keysweep.sweep_key order by 1');
    const before = await rows();
    zombie.child.kill('SIGCONT');
    await zombie.says('"queue":"keysweep-audits"');
    await expectWholeSweep();
    expect(await rows()).toEqual(before);
    expect((await zombie.end('SIGTERM')).code).toBe(0);
  });
});
