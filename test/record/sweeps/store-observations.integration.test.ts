import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { toContent } from '../../../src/record/store/observation-content.ts';
import { storeObservations } from '../../../src/record/sweeps/store-observations.ts';
import { eventually } from '../../support/eventually.ts';
import { describePostgres } from '../stores.ts';
import { all } from '../world.ts';

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
});
