/** @module-tag all */
import pg from 'pg';
import { afterEach, describe, expect, inject, test } from 'vitest';
import type { Running } from './command.ts';
import { queryRecords } from './records.ts';
import { createWorld, freshKey, hasStack, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const concurrency = 50;
const fleet = Array.from({ length: 600 }, (_, index) => ({ ...freshKey, id: `key_${index}` }));

/** Makes the world's database read-only or writable, and ends its sessions. */
async function setReadOnly({ databaseUrl = '' }: World, value: 'on' | 'off'): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  const client = new pg.Client({ connectionString: inject('databaseUrl') });
  await client.connect();
  try {
    await client.query(`alter database ${name} set default_transaction_read_only = ${value}`);
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
      [name],
    );
  } finally {
    await client.end();
  }
}

/** A service in the middle of a sweep, with answers that the database does not take. */
async function sweepReadOnly(): Promise<Running> {
  world.sandbox.setFault('latency=200ms');
  const running = world.launch(['start']);
  await running.says('keysweep is ready');
  // It may end with its connection; its request stays.
  world.launch(['sweep', '--no-worker']);
  await expect.poll(() => world.sandbox.requests.key, { timeout: 60_000 }).toBeGreaterThan(0);
  await setReadOnly(world, 'on');
  await running.says('the results of a batch are not recorded yet');
  return running;
}

const sweeps = `select s.closed_at is not null as closed, count(k.verdict)::integer as verdicts
  from keysweep.sweep s join keysweep.sweep_key k on k.sweep_id = s.id group by s.id`;

describe.skipIf(!hasStack('redis'))('a database that is read-only in the middle of a sweep', () => {
  test('costs no key a second request, and the sweep closes complete', async () => {
    world = await createWorld({ stack: 'redis', fleet, source: { concurrency } });
    const running = await sweepReadOnly();
    await setReadOnly(world, 'off');
    const closed = async () => {
      const [sweep] = await queryRecords(world, sweeps).catch(() => []);
      return sweep;
    };
    await expect.poll(closed, { timeout: 90_000 }).toEqual({ verdicts: 600, closed: true });
    expect(world.sandbox.requests.key).toBeLessThanOrEqual(fleet.length + concurrency);
    expect((await running.end('SIGTERM')).code).toBe(0);
  });

  test('does not hold up a stop', async () => {
    world = await createWorld({ stack: 'redis', fleet, source: { concurrency } });
    const running = await sweepReadOnly();
    expect((await running.end('SIGTERM')).code).toBe(0);
  });
});
