import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { toContent } from '../../../src/record/store/observation-content.ts';
import { storeObservations } from '../../../src/record/sweeps/store-observations.ts';
import { eventually } from '../../support/eventually.ts';
import { explainAll } from '../explain.ts';
import { describePostgres } from '../stores.ts';
import { all, run } from '../world.ts';

const said = (name: string) =>
  toContent({
    kind: 'present',
    at: new Date(),
    details: {
      name,
      type: 'secret',
      scopes: [],
      createdOn: new Date(),
      lastUsed: null,
      lastFour: undefined,
    },
  });

describePostgres('what vendors said', (get) => {
  test('has one row, though another transaction stores the same at the same time', async () => {
    const [own, shared] = [said(randomUUID()), said(randomUUID())];
    let other: Promise<ReadonlyMap<string, number>> | undefined;
    const first = await get().transact(async (tx) => {
      const stored = await storeObservations(tx, [shared]);
      other = get().transact((second) => storeObservations(second, [shared, own, undefined]));
      const waits = `select from pg_stat_activity where datname = current_database()
        and wait_event_type = 'Lock' and query like '%insert into keysweep.observation%'`;
      await eventually('the other waits', async () => (await all(get(), waits)).length > 0);
      return stored;
    });
    const second = await other;
    expect(first.size).toBe(1);
    expect(second?.size).toBe(2);
    expect(second?.get(shared?.hash ?? '')).toBe(first.get(shared?.hash ?? ''));
  });

  test('is found by an index, however few there are for each batch', async () => {
    await run(
      get(),
      `insert into keysweep.observation (hash, content)
         select sha256(int4send(n)), jsonb_build_object('name', 'Service ' || n, 'type', 'secret')
         from generate_series(1, 10000) n;
       analyze keysweep.observation`,
    );
    const batch = Array.from({ length: 200 }, (_, n) => said(`Service ${n}`));
    const plans = await get().transact((tx) =>
      explainAll({ db: tx }, () => storeObservations(tx, batch)),
    );
    const reading = plans.filter((plan) => plan.includes('on observation'));
    expect(reading.length).toBeGreaterThan(0);
    for (const plan of reading) expect(plan).not.toContain('Seq Scan on observation');
  });
});
