import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import type { Database } from '../../../src/record/store/database.ts';
import { openTickSweep } from '../../../src/record/sweeps/open-sweep.ts';
import { decideTicks, noteSchedules } from '../../../src/record/sweeps/ticks.ts';
import { readUnfinished } from '../../../src/record/sweeps/unfinished.ts';
import { planTicks } from '../../../src/schedule/plan-ticks.ts';
import { countDue } from '../../../src/timing/due-instants.ts';
import { readCron } from '../../../src/timing/read-cron.ts';
import { createWallClock } from '../../../src/timing/wall-clock.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import { describePostgres, describeStores, type GetDatabase } from '../stores.ts';
import { all, aSource, close, inputs, one, run, someKeys } from '../world.ts';

const minute = 60_000;

/** When each schedule was made: no test sees a minute that begins while it runs. */
const madeAt = new Map<string, Date>();

/** A schedule that was last decided on so long ago. */
async function aSchedule(get: GetDatabase, decidedMsAgo: number): Promise<string> {
  const id = aSource();
  await noteSchedules(get(), [{ id, cron: '* * * * *', timezone: 'UTC' }]);
  const { now } = await one<{ now: Date }>(
    get(),
    `update keysweep.schedule
     set decided_until = now() - interval '${decidedMsAgo} milliseconds' where id = '${id}'
     returning now() as now`,
  );
  madeAt.set(id, now);
  return id;
}

/** Decides by ticks of every minute until the schedule was made. Returns the tick to open. */
async function decide(get: GetDatabase, id: string, catchUpMs = 0) {
  const decided = await decideTicks(
    get(),
    id,
    anAlerting(['siem', 'log']),
    ({ decidedUntil, now, waiting }) => {
      const due = countDue(everyMinute, utc, decidedUntil, madeAt.get(id) ?? now);
      return planTicks({ due, waiting, now, catchUpMs, overlap: 'skip' });
    },
  );
  return decided?.run;
}

const everyMinute = readCron('* * * * *');
const utc = createWallClock('UTC');

/** The same database, and how many statements its transactions have made. */
function counting(database: Database) {
  const counted = { statements: 0 };
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      counted.statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const transact: Database['transact'] = (work) =>
    database.transact((tx) => work(tx.withPlugin(plugin)));
  return { counted, get: () => ({ ...database, transact }) };
}

const ticks = (get: GetDatabase, id: string) =>
  all<{ outcome: string }>(
    get(),
    `select outcome from keysweep.tick where schedule = '${id}' order by due_at`,
  );
const missedAlerts = (get: GetDatabase, id: string) =>
  all<{ channel: string; count: number }>(
    get(),
    `select channel, (body::jsonb->'data'->>'count')::integer as count from keysweep.alert
     where type = 'sweep.missed' and body::jsonb->'data'->>'schedule' = '${id}' order by channel`,
  );

describeStores('deciding on ticks', (get) => {
  test('finds nothing due twice', async () => {
    const id = await aSchedule(get, minute);
    expect(await decide(get, id)).toMatchObject({ schedule: id, trigger: 'schedule' });
    expect(await decide(get, id)).toBeUndefined();
    expect(await ticks(get, id)).toEqual([{ outcome: 'waiting' }]);
  });

  test('counts a tick that was not opened as missed, with an alert, when the next one runs', async () => {
    const id = await aSchedule(get, minute);
    const first = await decide(get, id);
    await run(
      get(),
      `update keysweep.tick set due_at = due_at - interval '1 minute' where schedule = '${id}';
       update keysweep.schedule set decided_until = decided_until - interval '1 minute'
       where id = '${id}'`,
    );
    expect(await decide(get, id)).toEqual(first);
    expect(await ticks(get, id)).toEqual([{ outcome: 'missed' }, { outcome: 'waiting' }]);
    const told = ['log', 'siem'].map((channel) => ({ channel, count: 1 }));
    expect(await missedAlerts(get, id)).toEqual(told);
  });

  test('runs the newest of many, and alerts once of the others, with their count', async () => {
    const id = await aSchedule(get, 10 * minute);
    expect(await decide(get, id)).toBeDefined();
    const outcomes = (await ticks(get, id)).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['missed', 'waiting']);
    const told = [
      { channel: 'log', count: 9 },
      { channel: 'siem', count: 9 },
    ];
    expect(await missedAlerts(get, id)).toEqual(told);
    await decide(get, id);
    expect(await missedAlerts(get, id)).toEqual(told);
  });

  test('costs as many statements after seven days of missed ticks as after three minutes', async () => {
    const cost = async (minutes: number) => {
      const id = await aSchedule(get, minutes * minute);
      const { counted, get: database } = counting(get());
      await decide(database, id);
      return { id, statements: counted.statements };
    };
    const [short, long] = [await cost(3), await cost(7 * 1_440)];
    expect(long.statements).toBe(short.statements);
    const rows = `select outcome, ticks, (extract(epoch from due_at - first_due_at) / 60)::integer
      as minutes from keysweep.tick where schedule = '${long.id}' order by due_at`;
    expect(await all(get(), rows)).toEqual([
      { outcome: 'missed', ticks: 10_079, minutes: 10_078 },
      { outcome: 'waiting', ticks: 1, minutes: null },
    ]);
    const told = ['log', 'siem'].map((channel) => ({ channel, count: 10_079 }));
    expect(await missedAlerts(get, long.id)).toEqual(told);
  });

  test('starts again when the clock was set back, and opens a tick that comes a second time', async () => {
    const id = await aSchedule(get, minute);
    const order = { overlap: 'skip' as const, deadlineMs: minute };
    const using = inputs(someKeys(1, aSource()));
    const first = await decide(get, id);
    if (first === undefined) throw new Error('nothing was due');
    const opened = await openTickSweep(get(), { ...first, ...order }, using);
    if (typeof opened !== 'object') throw new Error('the tick was not opened');
    await run(
      get(),
      `update keysweep.sweep set deadline_at = now() where uuid = '${opened.sweepId}'`,
    );
    await close(get(), opened.sweepId);
    // As if all this had happened under a clock that was two hours ahead.
    await run(
      get(),
      `update keysweep.tick set due_at = due_at + interval '2 hours' where schedule = '${id}';
       update keysweep.sweep set due_at = due_at + interval '2 hours' where schedule = '${id}';
       update keysweep.schedule set decided_until = decided_until + interval '2 hours'
       where id = '${id}'`,
    );
    const late = { ...first, ...order, dueAt: new Date(first.dueAt.getTime() + 120 * minute) };
    const plan = () => {
      throw new Error('nothing is planned before the clock is right');
    };
    const again = await decideTicks(get(), id, anAlerting([]), plan);
    expect(again).toEqual({ run: undefined, alerts: [], setBack: true, waiting: 0 });
    expect(await ticks(get, id)).toEqual([]);
    expect(await openTickSweep(get(), late, using)).toBeUndefined();

    // Two hours later.
    await run(
      get(),
      `update keysweep.sweep set due_at = due_at - interval '2 hours' where schedule = '${id}';
       update keysweep.schedule set decided_until = decided_until - interval '2 minutes'
       where id = '${id}'`,
    );
    const second = await decide(get, id);
    expect(second?.dueAt).toEqual(first.dueAt);
    expect(await openTickSweep(get(), { ...first, ...order }, using)).toMatchObject({
      scope: 'full',
    });
  });

  test.each([
    [-5_000, true],
    [5_000, false],
  ])(
    'takes a clock that is %i ms on this side of two minutes behind as it is',
    async (by, calm) => {
      const id = await aSchedule(get, -(2 * minute + by));
      const decided = await decideTicks(get(), id, anAlerting([]), () => ({
        run: undefined,
        overtaken: [],
        missed: undefined,
      }));
      expect(decided?.setBack).toBe(!calm);
    },
  );

  test('counts no tick as missed before a schedule was first seen or changed', async () => {
    const id = await aSchedule(get, 10 * minute);
    await noteSchedules(get(), [{ id, cron: '*/5 * * * *', timezone: 'UTC' }]);
    const seen = `select decided_until > now() - interval '5 seconds' as fresh
      from keysweep.schedule where id = '${id}'`;
    expect(await one(get(), seen)).toEqual({ fresh: true });
    expect(await missedAlerts(get, id)).toEqual([]);
  });

  test('keeps its decisions when the same schedule is recorded again', async () => {
    const id = await aSchedule(get, 3 * minute);
    await noteSchedules(get(), [{ id, cron: '* * * * *', timezone: 'UTC' }]);
    expect(await decide(get, id)).toBeDefined();
  });

  test('decides nothing on a schedule that was not recorded', async () => {
    expect(await decide(get, 'nobody')).toBeUndefined();
  });

  test('keeps a decided tick waiting until it is opened', async () => {
    const id = await aSchedule(get, minute);
    const due = await decide(get, id);
    if (due === undefined) throw new Error('nothing was due');
    const waiting = async () =>
      (await readUnfinished(get())).ticks.filter(({ schedule }) => schedule === id);
    expect(await waiting()).toEqual([due]);
    const order = { ...due, overlap: 'skip' as const, deadlineMs: minute };
    await openTickSweep(get(), order, inputs(someKeys(1, aSource())));
    expect(await waiting()).toEqual([]);
    expect(await ticks(get, id)).toEqual([{ outcome: 'opened' }]);
  });
});

describePostgres('deciding on ticks in many processes', (get) => {
  test('makes one decision', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await aSchedule(get, 5 * minute);
      const decided = await Promise.all(Array.from({ length: 8 }, () => decide(get, id)));
      expect(decided.filter((tick) => tick !== undefined)).toHaveLength(1);
      expect(await missedAlerts(get, id)).toHaveLength(2);
    }
  });
});
