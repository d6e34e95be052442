/** @module-tag all */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { makeDue } from './due-ticks.ts';
import { openProducer, type Producer } from './producer.ts';
import { queryRecords } from './records.ts';
import { createWorld, freshKey, hasStack, staleKey, type World } from './world.ts';

let world: World;
let producer: Producer | undefined;
afterEach(async () => {
  await producer?.close();
  producer = undefined;
  await world.close();
});

async function startTwo(): Promise<void> {
  const replicas = [world.launch(['start']), world.launch(['start'])];
  await Promise.all(replicas.map((replica) => replica.says('keysweep is ready')));
}

interface Tick {
  readonly schedule: string;
  readonly sweeps: number;
}

const readTicks = () =>
  queryRecords<Tick>(
    world,
    `select t.schedule, (select count(*)::int from keysweep.sweep s
        where s.schedule = t.schedule and s.due_at = t.due_at and s.closed_at is not null) as sweeps
     from keysweep.tick t`,
  );

/**
 * Asks for one key as another program would, and waits for its verdict. The wait is shorter than the
 * minute after which `reconcile` would find a request that no worker took.
 */
async function askFor(keyId: string): Promise<void> {
  producer ??= openProducer(world);
  const requests = producer.queue('keysweep-requests');
  await requests.waitUntilReady();
  const closed = () =>
    queryRecords<{ id: number }>(
      world,
      `select s.id from keysweep.sweep s join keysweep.sweep_key k on k.sweep_id = s.id
       join keysweep.tracked_key t on t.id = k.key_id
       where s.scope = 'partial' and s.closed_at is not null and t.key_id = $1`,
      [keyId],
    );
  const before = (await closed()).length;
  await requests.add('audit-keys', { keys: [{ source: 'vendor', keyId }], reason: 'rotation' });
  const again = async () => (await closed()).length > before;
  await eventually('the key was audited again', again, { deadlineMs: 30_000 });
}

describe.skipIf(!hasStack('redis'))('two replicas on Redis and PostgreSQL', () => {
  test('open one sweep per tick, and audit at once what another program requests', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const schedules = ids.map((id) => ({ id, cron: '* * * * *' }));
    world = await createWorld({ stack: 'redis', config: { schedules } });
    for (const id of ids) await makeDue(world, id);
    // Both look for due ticks at once, when they start.
    await startTwo();
    const swept = async () => (await readTicks()).filter(({ sweeps }) => sweeps > 0);
    const enough = async () => new Set((await swept()).map(({ schedule }) => schedule)).size === 5;
    await eventually('a tick of each schedule was swept', enough, { deadlineMs: 60_000 });
    for (const { sweeps } of await swept()) expect(sweeps).toBe(1);
    await askFor(staleKey.id);
  });

  test('a night of slow keys delays neither a re-audit nor the rate limit', async () => {
    const slow = Array.from({ length: 120 }, (_, at) => ({
      ...freshKey,
      id: `key_${at}`,
      fault: 'latency=1500ms',
    }));
    world = await createWorld({
      stack: 'redis',
      fleet: [...slow, staleKey],
      source: { rateLimit: { requests: 20, per: '1s' }, timeout: '5s' },
    });
    await startTwo();
    const { requests } = world.sandbox;
    const full = world.launch(['sweep', '--no-worker', '--quiet']);
    await eventually('the night is under way', () => requests.key > 10);
    await askFor(staleKey.id);
    expect(full.child.exitCode, 'the night is still under way').toBe(null);

    const from = { at: performance.now(), count: requests.key };
    let most = 0;
    const seen: { at: number; count: number }[] = [];
    while (full.child.exitCode === null) {
      const now = { at: performance.now(), count: requests.key };
      seen.push(now);
      const second = seen.find(({ at }) => at >= now.at - 1_000) ?? now;
      most = Math.max(most, now.count - second.count);
      await sleep(50);
    }
    expect((await full.ended).code).toBe(1);
    // Windows of a second are counted from the first request in each: two may touch.
    expect(most).toBeLessThanOrEqual(40);
    const seconds = (performance.now() - from.at) / 1_000;
    expect((requests.key - from.count) / seconds).toBeLessThanOrEqual(20);
  });
});
