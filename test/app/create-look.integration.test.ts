import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createLook } from '../../src/app/create-look.ts';
import type { ScheduleConfig } from '../../src/config/config.ts';
import { openPostgresDatabase } from '../../src/record/store/database.ts';
import { noteSchedules } from '../../src/record/sweeps/ticks.ts';
import { anAlerting } from '../alert/an-alerting.ts';
import { anAlert } from '../record/an-alert.ts';
import { describeStores, type GetDatabase } from '../record/stores.ts';
import { aSource, inputs, one, open, run, someKeys } from '../record/world.ts';

function aSchedule(difference: Partial<ScheduleConfig> = {}): ScheduleConfig {
  const terms = { catchUpMs: 43_200_000, overlap: 'skip' as const, deadlineMs: 60_000 };
  return { id: aSource(), cron: '* * * * *', timezone: 'UTC', ...terms, ...difference };
}

/** A look at these schedules, which were last decided on so long ago. */
async function aLook(get: GetDatabase, schedules: readonly ScheduleConfig[], ago = '1 minute') {
  await noteSchedules(get(), schedules);
  for (const { id } of schedules) {
    await run(
      get(),
      `update keysweep.schedule set decided_until = now() - interval '${ago}' where id = '${id}'`,
    );
  }
  const jobs: { name: string; id: string; payload: unknown }[] = [];
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { base: null, timestamp: false, formatters: { level: (level) => ({ level }) } },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  );
  let promoted = 0;
  const look = createLook({
    database: get(),
    config: { schedules },
    alerting: anAlerting([]),
    log,
    async enqueue({ name }, ...some) {
      jobs.push(...some.map(({ id, payload }) => ({ name, id, payload })));
    },
    async promote() {
      promoted += 1;
    },
  });
  const named = (name: string) => jobs.filter((job) => job.name === name);
  return { look, jobs, lines, named, promoted: () => promoted };
}

describeStores('a look of the clock', (get) => {
  test('after seven days opens one tick and requests one reconcile', async () => {
    const { look, named, lines } = await aLook(get, [aSchedule()], '7 days');
    await look();
    await look();
    // A minute may begin in between.
    expect(named('open-sweep').length).toBeLessThanOrEqual(2);
    expect(named('reconcile').length).toBeLessThanOrEqual(2);
    expect(lines).toEqual([]);
  });

  test('reports a schedule that cannot be read once, and decides on the others', async () => {
    const [bad, good] = [aSchedule({ cron: 'every night' }), aSchedule()];
    const { look, named, lines } = await aLook(get, [bad, good]);
    await look();
    await look();
    const opened = named('open-sweep').map(({ payload }) => payload);
    expect(opened[0]).toMatchObject({ schedule: good.id });
    const msg = 'the cron line of a schedule cannot be read: it never runs';
    expect(lines).toEqual([{ level: 'error', schedule: bad.id, msg }]);
  });

  test('reports a schedule that cannot be decided on by itself, and decides on the others', async () => {
    const [bad, good] = [aSchedule({ timezone: 'Mars/Olympus' }), aSchedule()];
    const { look, named, lines } = await aLook(get, [bad, good]);
    await look();
    expect(named('open-sweep')[0]?.payload).toMatchObject({ schedule: good.id });
    const msg = 'a schedule was not decided on';
    expect(lines).toEqual([{ level: 'error', schedule: bad.id, code: 'RangeError', msg }]);
  });

  test('opens the tick of a nickname at the midnight of its zone', async () => {
    // 18:15 in UTC, in summer too.
    const daily = { cron: '@daily', timezone: 'Asia/Kathmandu', catchUpMs: 90_000_000 };
    const schedule = aSchedule(daily);
    const { look, named } = await aLook(get, [schedule], '24 hours');
    await look();
    const dueAt = expect.stringMatching(/T18:15:00\.000Z$/);
    expect(named('open-sweep').map(({ payload }) => payload)).toMatchObject([
      { schedule: schedule.id, dueAt },
    ]);
  });

  test('finds a clock that was set back, says so once, and lets nothing wait for the old future', async () => {
    const schedule = aSchedule();
    const { look, lines, named, promoted } = await aLook(get, [schedule], '-2 hours');
    const channel = aSource();
    const inTwoHours = new Date(Date.now() + 7_200_000);
    const alert = await anAlert(get(), {
      channel,
      next_at: inTwoHours,
      leased_until: inTwoHours,
    });
    const opened = await open(get(), inputs(someKeys(1, aSource())));
    await run(
      get(),
      `insert into keysweep.channel_pace (channel, free_at)
       values ('${channel}', now() + interval '2 hours');
       insert into keysweep.source_wait (source, until, probe_at, reason, detail)
       values ('${channel}', now() + interval '3 hours', now() + interval '2 hours', 2, 'HTTP 429');
       update keysweep.sweep set opened_at = now() + interval '2 hours',
         deadline_at = now() + interval '3 hours' where uuid = '${opened.sweepId}';
       update keysweep.sweep_batch set leased_until = now() + interval '2 hours'
       where sweep_id = (select id from keysweep.sweep where uuid = '${opened.sweepId}')`,
    );
    await look();
    await look();
    const said = lines.filter(({ msg }) => `${msg}`.startsWith('the clock was set back'));
    expect(said).toMatchObject([{ level: 'warn', schedules: [schedule.id] }]);
    expect(promoted()).toBe(1);
    const waits = await one(
      get(),
      `select a.next_at <= clock_timestamp() as due,
         a.leased_until < clock_timestamp() + interval '121 seconds' as alert,
         b.leased_until < clock_timestamp() + interval '121 seconds' as batch,
         s.deadline_at < clock_timestamp() + interval '61 minutes' as deadline,
         p.free_at <= clock_timestamp() as pace,
         w.probe_at between clock_timestamp() and clock_timestamp() + interval '11 minutes' as probe
       from keysweep.alert a, keysweep.sweep s, keysweep.sweep_batch b, keysweep.channel_pace p,
         keysweep.source_wait w
       where a.id = '${alert}' and s.uuid = '${opened.sweepId}' and b.sweep_id = s.id
         and p.channel = '${channel}' and w.source = '${channel}'`,
    );
    const all = { due: true, alert: true, batch: true, deadline: true, pace: true, probe: true };
    expect(waits).toEqual(all);

    await run(
      get(),
      `update keysweep.schedule set decided_until = now() - interval '1 minute'
       where id = '${schedule.id}'`,
    );
    await look();
    expect(named('open-sweep')).toHaveLength(1);
  });

  test('says how many ticks wait when the number changes, and only then', async () => {
    const schedule = aSchedule({ overlap: 'queue' });
    const { look, lines } = await aLook(get, [schedule], '0 minutes');
    const wait = (minutes: string) =>
      run(
        get(),
        `insert into keysweep.tick (schedule, due_at, outcome, trigger)
         select '${schedule.id}', now() - n * interval '1 minute', 'waiting', 'schedule'
         from unnest(array[${minutes}]) n`,
      );
    await look();
    expect(lines).toEqual([]);
    await wait('11, 12, 13, 14');
    await look();
    await look();
    await run(
      get(),
      `update keysweep.tick set outcome = 'opened' where schedule = '${schedule.id}'`,
    );
    await look();
    await look();
    expect(lines).toMatchObject([
      { level: 'warn', schedule: schedule.id, waiting: 4 },
      { level: 'info', schedule: schedule.id, waiting: 0 },
    ]);
  });
});

test('a look without the database names the server, and its password never', async () => {
  const url = 'postgres://ann:canary@127.0.0.1:1/keysweep';
  const database = openPostgresDatabase(url, { connectionLost: () => undefined });
  const { look } = await aLook(() => database, []);
  const refused = await look().catch((error) => error);
  expect(refused).toMatchObject({ code: 'KEYSWEEP_DATABASE_UNAVAILABLE' });
  expect(refused.message).toMatch(
    /^PostgreSQL at 127\.0\.0\.1:1\/keysweep refuses connections \(ECONNREFUSED\)/,
  );
  await database.close();
});
