import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createRecordFigures } from '../../../../src/record/reads/figures/create-record-figures.ts';
import type { Database, RecordsTransaction } from '../../../../src/record/store/database.ts';
import { noteSchedules } from '../../../../src/record/sweeps/ticks.ts';
import { anAlert } from '../../an-alert.ts';
import { describePostgres, describeStores } from '../../stores.ts';
import { claim, close, inputs, open, record, run, someKeys, sweep } from '../../world.ts';

const keys = [...someKeys(2, 'one'), ...someKeys(1, 'two')];

/** Makes the sweep one of a schedule. */
async function schedule(database: Database, sweepId: string, id: string): Promise<void> {
  await sql`update keysweep.sweep set schedule = ${id} where uuid = ${sweepId}::uuid`.execute(
    database.db,
  );
}

describeStores('the figures of the records', (get) => {
  test('are empty where nothing has happened', async () => {
    const { now, ...rest } = await createRecordFigures(get())();
    expect(Math.abs(now.getTime() - Date.now())).toBeLessThan(60_000);
    const empty = { sweeps: [], schedules: [], held: [], keys: [], pending: [] };
    const none = { refusedSources: [], waits: [], openFindings: [], alerts: [], lags: [] };
    expect(rest).toEqual({ ...empty, ...none });
  });

  test('count the keys of the full sweep that closed last, by source and verdict', async () => {
    const read = createRecordFigures(get());
    await sweep(get(), inputs(keys), { key_0: { breaks: ['stale'] } });
    const first = [
      { source: 'one', verdict: 'fail', keys: 1 },
      { source: 'one', verdict: 'pass', keys: 1 },
      { source: 'two', verdict: 'fail', keys: 1 },
    ];
    const found = async () => {
      const figures = await read();
      const inOrder = (row: (typeof figures.keys)[number]) => `${row.source} ${row.verdict}`;
      return [...figures.keys].sort((a, b) => inOrder(a).localeCompare(inOrder(b)));
    };
    expect(await found()).toEqual(first);
    expect((await read()).openFindings).toEqual([{ severity: 'high', rule: 'stale', findings: 2 }]);

    // A re-audit is no full sweep.
    await sweep(get(), inputs(keys), {}, keys.slice(0, 1));
    expect(await found()).toEqual(first);

    await sweep(get(), inputs(keys), { key_1: { unknown: true } });
    expect(await found()).toEqual([
      { source: 'one', verdict: 'pass', keys: 1 },
      { source: 'one', verdict: 'unknown', keys: 1 },
      { source: 'two', verdict: 'pass', keys: 1 },
    ]);
    expect((await read()).openFindings).toEqual([]);
  });

  test('show the keys that open sweeps wait for, and the sources that refused', async () => {
    const opened = await open(get(), inputs(keys));
    const read = createRecordFigures(get());
    const pending = async () =>
      new Map((await read()).pending.map((row) => [row.source, row.keys]));
    expect(await pending()).toEqual(
      new Map([
        ['one', 2],
        ['two', 1],
      ]),
    );
    const batch = await claim(get(), opened, 0);
    await record(get(), batch);
    expect((await pending()).size).toBe(1);
    await run(
      get(),
      `update keysweep.sweep set refused_sources = '{two}' where uuid = '${opened.sweepId}'`,
    );
    expect((await read()).refusedSources).toEqual(['two']);
    await record(get(), await claim(get(), opened, 1));
    await close(get(), opened.sweepId);
    expect((await read()).refusedSources).toEqual(['two']);
    await sweep(get(), inputs(keys));
    expect((await read()).refusedSources).toEqual([]);
  });

  test('follow the order of sweeps, not the clock', async () => {
    const id = 'set-back';
    await noteSchedules(get(), [{ id, cron: '@daily', timezone: 'UTC' }]);
    const read = createRecordFigures(get());
    const seen = async () => (await read()).schedules.find((one) => one.id === id);
    expect(await seen()).toMatchObject({ lastSweepAt: null, lastCompleteAt: null });
    const nights: [closed: string, sayings: Record<string, { unknown: true }>][] = [
      ['2026-11-29T03:00:00Z', {}],
      ['2026-11-28T03:00:00Z', {}],
      ['2026-11-27T03:00:00Z', { key_0: { unknown: true } }],
    ];
    for (const [closed, sayings] of nights) {
      const { sweepId } = await sweep(get(), inputs(keys), sayings);
      await schedule(get(), sweepId, id);
      await run(
        get(),
        `update keysweep.sweep set closed_at = '${closed}' where uuid = '${sweepId}'`,
      );
    }
    expect(await seen()).toMatchObject({
      lastSweepAt: new Date('2026-11-27T03:00:00Z'),
      lastCompleteAt: new Date('2026-11-28T03:00:00Z'),
    });
    const { sweeps } = await read();
    expect(sweeps).toContainEqual({ schedule: id, status: 'complete', sweeps: 2 });
    expect(sweeps).toContainEqual({ schedule: id, status: 'incomplete', sweeps: 1 });
  });

  test('leave out what is simulated', async () => {
    const id = 'invented';
    await noteSchedules(get(), [{ id, cron: '@daily', timezone: 'UTC' }]);
    const { sweepId } = await sweep(get(), inputs(keys));
    await schedule(get(), sweepId, id);
    const before = await createRecordFigures(get())();
    expect(before.sweeps).toContainEqual({ schedule: id, status: 'complete', sweeps: 1 });
    await run(get(), `update keysweep.sweep set simulated = true where uuid = '${sweepId}'`);
    const { schedules, sweeps } = await createRecordFigures(get())();
    expect(schedules.find((one) => one.id === id)?.lastSweepAt).toBeNull();
    expect(sweeps.filter((row) => row.schedule === id)).toEqual([]);
  });

  test('count the ticks of a schedule that wait, and each tick of a run that was missed', async () => {
    const id = 'hourly';
    await noteSchedules(get(), [{ id, cron: '@hourly', timezone: 'UTC' }]);
    await run(
      get(),
      `insert into keysweep.tick (schedule, due_at, outcome, trigger, ticks) values
        ('${id}', '2026-11-01T01:00:00Z', 'missed', 'schedule', 7),
        ('${id}', '2026-11-01T09:00:00Z', 'missed', 'schedule', 1),
        ('${id}', '2026-11-01T10:00:00Z', 'waiting', 'schedule', 1),
        ('${id}', '2026-11-01T11:00:00Z', 'skipped', 'schedule', 1)`,
    );
    const { schedules } = await createRecordFigures(get())();
    expect(schedules.find((one) => one.id === id)).toMatchObject({
      waitingTicks: 1,
      missedTicks: 8,
    });
  });

  test('count alerts by state, and say how long the oldest pending one has waited', async () => {
    const channel = 'slow';
    await anAlert(get(), { channel });
    await anAlert(get(), { channel });
    await anAlert(get(), { channel, state: 'failed' });
    await run(
      get(),
      `update keysweep.alert set planned_at = now() - interval '90 seconds'
        where channel = '${channel}' and place = (
          select min(place) from keysweep.alert where channel = '${channel}'
        )`,
    );
    const { alerts, lags } = await createRecordFigures(get())();
    const own = alerts.filter((row) => row.channel === channel);
    expect(own).toContainEqual({ channel, state: 'pending', alerts: 2 });
    expect(own).toContainEqual({ channel, state: 'failed', alerts: 1 });
    const lagMs = lags.find((row) => row.channel === channel)?.lagMs ?? 0;
    expect(lagMs).toBeGreaterThanOrEqual(90_000);
    expect(lagMs).toBeLessThan(150_000);
  });

  test('say for how long a source wants us to stay away', async () => {
    await run(
      get(),
      `insert into keysweep.source_wait (source, until, probe_at, reason, detail) values
        ('away', now() + interval '10 minutes', now(), 0, 'HTTP 429'),
        ('over', now() - interval '1 second', now(), 0, 'HTTP 429')`,
    );
    const { waits } = await createRecordFigures(get())();
    expect(waits.map(({ source }) => source)).toEqual(['away']);
    expect(waits[0]?.waitMs).toBeGreaterThan(500_000);
  });
});

describePostgres('the plans of the figures', (get) => {
  test('read no pack of a night before the last', async () => {
    const database = get();
    const { sweepId } = await sweep(database, inputs(someKeys(200)));
    await addNights(database, sweepId, 40);
    const rows = await database.transact(async (tx) => {
      const before = await rowsRead(tx);
      await createRecordFigures({ ...database, db: tx })();
      return (await rowsRead(tx)) - before;
    });
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThanOrEqual(2);
  });
});

/** Copies a night into others, which have no place among the closings: the one that closed last stays the same. */
async function addNights({ db }: Database, sweepId: string, nights: number): Promise<void> {
  await sql`
    with night as (
      insert into keysweep.sweep
        (trigger, scope, policy_id, deadline_at, open_batches, tracked, closed_at, status)
      select trigger, scope, policy_id, deadline_at, 0, tracked, closed_at, status
      from keysweep.sweep, generate_series(1, ${sql.lit(nights)})
      where uuid = ${sql.lit(sweepId)} returning id
    )
    , batch as (
      insert into keysweep.sweep_batch (sweep_id, batch, source, first_key, list_id, pending, done_at)
      select night.id, b.batch, b.source, b.first_key, b.list_id, 0, now()
      from night, keysweep.sweep_batch b join keysweep.sweep s on s.id = b.sweep_id
      where s.uuid = ${sql.lit(sweepId)} returning sweep_id, batch
    )
    insert into keysweep.pack
      select b.sweep_id, p.batch, p.hash, p.pass, p.fail, p.waived, p.unknown, p.partial,
        p.observed_from, p.verdicts, p.observation_ids, p.observed_ms, p.last_used, p.judgements,
        p.keys_root
      from batch b join keysweep.pack p on p.batch = b.batch
      join keysweep.sweep s on s.id = p.sweep_id where s.uuid = ${sql.lit(sweepId)};
  `.execute(db);
  await sql`analyze keysweep.pack`.execute(db);
}

/** How many packs this transaction has read, and some before it. */
async function rowsRead(tx: RecordsTransaction): Promise<number> {
  const found = await sql<{ rows: number }>`
    select (seq_tup_read + coalesce(idx_tup_fetch, 0))::integer as rows
    from pg_stat_xact_user_tables where schemaname = 'keysweep' and relname = 'pack'
  `.execute(tx);
  return found.rows[0]?.rows ?? 0;
}
