/** @module-tag all */
import { afterEach, expect, test } from 'vitest';
import { queryRecords } from './records.ts';
import { createWorld, hasStack, staleKey, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** Sessions that begin after this run single statements, and what else may, as serializable. */
async function setSerializable(databaseUrl: string): Promise<void> {
  const name = new URL(databaseUrl).pathname.slice(1);
  await queryRecords(
    { databaseUrl },
    `alter database ${name} set default_transaction_isolation = 'serializable'`,
  );
}

const fleet = Array.from({ length: 200 }, (_, at) => ({ ...staleKey, id: `key_${at}` }));

test.skipIf(!hasStack('redis'))(
  'two workers that record and close at once lose and repeat nothing in a serializable database',
  async () => {
    world = await createWorld({ stack: 'redis', fleet, source: { concurrency: 50 } });
    await setSerializable(world.databaseUrl ?? '');
    const workers = [world.launch(['start']), world.launch(['start'])];
    await Promise.all(workers.map((worker) => worker.says('keysweep is ready')));
    const sweep = () => world.run(['sweep', '--no-worker', '--quiet', '--format', 'json']);
    const ended = await Promise.all([sweep(), sweep(), sweep()]);
    for (const { code, stdout, stderr } of ended) {
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(JSON.parse(stdout).verdicts).toEqual({ pass: 0, fail: 200, waived: 0, unknown: 0 });
    }
    const pending = `select count(*)::integer as count from keysweep.alert where state = 'pending'`;
    await expect
      .poll(() => queryRecords(world, pending), { timeout: 60_000 })
      .toEqual([{ count: 0 }]);
    const opened = world.receiver.received.flatMap(({ body }) =>
      JSON.parse(body).data.opened.map((finding: { keyId: string }) => finding.keyId),
    );
    expect(opened.length).toBe(200);
    expect(new Set(opened).size).toBe(200);
    for (const worker of workers) {
      expect((await worker.end('SIGTERM')).code).toBe(0);
      expect(worker.stderr).not.toMatch(/"level":"error"|4000[0-9]|40P01/);
    }
  },
);
