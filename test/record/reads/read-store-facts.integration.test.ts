import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { readStoreFacts } from '../../../src/record/reads/read-store-facts.ts';
import { claimBatch } from '../../../src/record/sweeps/claim-batch.ts';
import { describePostgres, describeStores } from '../stores.ts';
import { inputs, open, someKeys } from '../world.ts';

describeStores('what the store says of itself', (get) => {
  test('is in order where nothing has happened', async () => {
    expect(await readStoreFacts(get(), ['nightly'], true)).toMatchObject({
      refusesWrites: null,
      encoding: 'UTF8',
      closedTables: [],
      orphanedBatches: 0,
      orphanedAlerts: 0,
      lateSweeps: 0,
      schedules: [{ id: 'nightly', lastSweepAt: null, waiting: 0 }],
      lastFullSweepAt: null,
    });
  });

  test('counts batches whose lease ended minutes ago, and sweeps past their deadline', async () => {
    const { sweepId } = await open(get(), inputs(someKeys(1)));
    await claimBatch(get(), sweepId, 0, 20_000);
    const read = async () => readStoreFacts(get(), [], false);
    expect(await read()).toMatchObject({ orphanedBatches: 0, lateSweeps: 0 });
    const set = (minutes: number) =>
      sql`
        with late as (update keysweep.sweep set deadline_at = now() - ${minutes} * interval '1 minute')
        update keysweep.sweep_batch set leased_until = now() - ${minutes} * interval '1 minute'
      `.execute(get().db);
    await set(2);
    expect(await read()).toMatchObject({ orphanedBatches: 0, lateSweeps: 0 });
    await set(4);
    expect(await read()).toMatchObject({ orphanedBatches: 1, lateSweeps: 1 });
  });

  test('finds the last closed sweep of each schedule', async () => {
    const { sweepId } = await open(get(), inputs(someKeys(1)));
    const close = (schedule: string, at: string) =>
      sql`
        update keysweep.sweep set schedule = ${schedule}, closed_at = ${at}::timestamptz
        where uuid = ${sweepId}
      `.execute(get().db);
    await close('nightly', '2026-11-20T03:00:00Z');
    const { schedules, lastFullSweepAt } = await readStoreFacts(get(), ['other', 'nightly'], false);
    expect(schedules).toEqual([
      { id: 'other', lastSweepAt: null, waiting: 0 },
      { id: 'nightly', lastSweepAt: new Date('2026-11-20T03:00:00Z'), waiting: 0 },
    ]);
    expect(lastFullSweepAt).toEqual(new Date('2026-11-20T03:00:00Z'));
  });
});

describePostgres('what a server says of itself', (get) => {
  test('names tables that the user may not use, and the refusal to write', async () => {
    const database = get();
    const role = sql.id(`ks_reader_${randomBytes(6).toString('hex')}`);
    await database.db.connection().execute(async (db) => {
      await sql`create role ${role}`.execute(db);
      await sql`grant usage on schema keysweep to ${role}`.execute(db);
      await sql`grant select on all tables in schema keysweep to ${role}`.execute(db);
      await sql`set role ${role}`.execute(db);
      const facts = await readStoreFacts({ ...database, db }, [], false);
      await sql`reset role`.execute(db);
      await sql`drop owned by ${role}`.execute(db);
      await sql`drop role ${role}`.execute(db);
      expect(facts.refusesWrites?.what).toMatch(/refuses the user this \(42501\)/);
      expect(facts.closedTables).toContain('keysweep.sweep');
    });
  });
});
