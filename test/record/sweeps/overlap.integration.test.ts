import { expect, test } from 'vitest';
import { collectKeys } from '../../../src/inventory/listed-keys.ts';
import type { Database } from '../../../src/record/store/database.ts';
import { eventually } from '../../support/eventually.ts';
import { describePostgres } from '../stores.ts';
import {
  all,
  aSource,
  aTrackedKey,
  claim,
  close,
  findings,
  inputs,
  open,
  record,
} from '../world.ts';

/** Keys whose order by id is not that of their names. */
const keys = (source: string) =>
  Array.from({ length: 60 }, (_, n) => aTrackedKey(`key_${(n * 37) % 60}`, { source }));

async function audit(database: Database, using: ReturnType<typeof inputs>, round: number) {
  const named = round % 2 === 0 ? undefined : await collectKeys(using.inventory.keys);
  const opened = await open(database, using, named);
  for (const { batch } of opened.batches) {
    const claimed = await claim(database, opened, batch);
    const sayings = claimed.keys.map(({ key }, n) => {
      const breaks = (n + round) % 3 === 0 ? ['stale', 'old'] : [];
      return [key.keyId, { breaks }] as const;
    });
    await record(database, claimed, Object.fromEntries(sayings));
  }
  await close(database, opened.sweepId);
}

describePostgres('sweeps over the same keys at once', (get) => {
  test('never deadlock, even while the inventory changes', async () => {
    const source = aSource();
    for (let round = 0; round < 8; round += 1) {
      const inventories = [0, 1, 2].map((n) => {
        const changed = keys(source).map((key) => ({ ...key, owner: `owner-${round}-${n}` }));
        return inputs(n === 2 ? changed.reverse() : changed);
      });
      const audits = inventories.map((using, n) => audit(get(), using, round + n));
      const settled = await Promise.allSettled(audits);
      expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
    }
    expect((await findings(get(), source)).length).toBeGreaterThan(0);
  });

  test('can open while another records, without waiting for it', async () => {
    const using = inputs(keys(aSource()));
    const first = await claim(get(), await open(get(), using));
    let opened: unknown;
    await get().transact(async (tx) => {
      // As a worker holds the keys of its batch while it records.
      await tx
        .selectFrom('tracked_key')
        .select('id')
        .where('source', '=', first.source)
        .forNoKeyUpdate()
        .execute();
      opened = await open(get(), using);
    });
    expect(opened).toMatchObject({ scope: 'full' });
  });

  test('let the inventory change while a worker locks keys in the order of their ids', async () => {
    const source = aSource();
    const sorted = ['a', 'b'].map((name) => aTrackedKey(name, { source }));
    await open(get(), inputs(sorted));
    // The mirror writes the last key first; the worker already holds the first.
    const changed = inputs(sorted.reverse().map((key) => ({ ...key, owner: 'bob' })));
    let opening: Promise<unknown> | undefined;
    await get().transact(async (tx) => {
      const lock = (name: string) =>
        tx
          .selectFrom('tracked_key')
          .select('id')
          .where('source', '=', source)
          .where('key_id', '=', name)
          .forNoKeyUpdate()
          .execute();
      await lock('a');
      opening = open(get(), changed);
      opening.catch(() => undefined);
      await eventually('the mirror waits for the key', async () => {
        const waiting = `select from pg_locks where not granted and locktype = 'transactionid'`;
        return (await all(get(), waiting)).length > 0;
      });
      await lock('b');
    });
    await expect(opening).resolves.toBeDefined();
  });
});
