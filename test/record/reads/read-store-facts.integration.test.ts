import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { storeFacts } from '../../../src/operations/store-facts.ts';
import { readStoreFacts } from '../../../src/record/reads/read-store-facts.ts';
import { claimBatch } from '../../../src/record/sweeps/claim-batch.ts';
import { describePostgres, describeStores } from '../stores.ts';
import { inputs, open, someKeys } from '../world.ts';

const noneOdd = { missed: 0, skipped: 0, caughtUp: 0 };

describeStores('what the store says of itself', (get) => {
  test('is in order where nothing has happened', async () => {
    expect(await readStoreFacts(get(), ['nightly'], true)).toMatchObject({
      refusesWrites: null,
      encoding: 'UTF8',
      closedTables: [],
      orphanedBatches: 0,
      orphanedAlerts: 0,
      lateSweeps: 0,
      schedules: [{ id: 'nightly', lastSweepAt: null, waiting: 0, lastTick: null, week: noneOdd }],
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
    expect(schedules).toMatchObject([
      { id: 'other', lastSweepAt: null },
      { id: 'nightly', lastSweepAt: new Date('2026-11-20T03:00:00Z') },
    ]);
    expect(lastFullSweepAt).toEqual(new Date('2026-11-20T03:00:00Z'));
  });

  test('tells the last tick of each schedule, and the odd ones of seven days', async () => {
    const tick = (schedule: string, minutesAgo: number, outcome: string, ticks = 1) =>
      sql`
        insert into keysweep.tick (schedule, due_at, outcome, trigger, ticks) values (${schedule},
          now() - ${minutesAgo} * interval '1 minute', ${outcome}, 'catch-up', ${ticks})
      `.execute(get().db);
    const week = 7 * 24 * 60;
    await tick('hourly', 60, 'skipped');
    await tick('hourly', 120, 'opened');
    await tick('hourly', 180, 'missed', 12);
    await tick('hourly', week - 1, 'missed', 3);
    await tick('hourly', week + 1, 'missed', 50);
    await tick('queued', 60, 'waiting');
    const { schedules } = await readStoreFacts(get(), ['hourly', 'queued'], false);
    expect(schedules).toMatchObject([
      { lastTick: { outcome: 'skipped' }, week: { missed: 15, skipped: 1, caughtUp: 1 } },
      { lastTick: { outcome: 'waiting', ticks: 1 }, week: noneOdd, waiting: 1 },
    ]);
    const facts = await readStoreFacts(get(), ['hourly'], false);
    const { answer } = storeFacts;
    let sent = '';
    for await (const piece of answer.write(facts)) sent += piece;
    expect(answer.read(JSON.parse(sent))).toEqual(facts);
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
