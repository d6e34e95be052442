/** @module-tag long */
import type { KyselyPlugin } from 'kysely';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { decideDueTicks, readableSchedules } from '../../../src/app/decide-due-ticks.ts';
import type { ScheduleConfig } from '../../../src/config/config.ts';
import { renderDifference } from '../../../src/evidence/differences/render-difference.ts';
import { lapseWaivers } from '../../../src/record/findings/lapse-waivers.ts';
import { noteConfiguration } from '../../../src/record/sweeps/note-configuration.ts';
import { openTickSweep } from '../../../src/record/sweeps/open-sweep.ts';
import { canHoldMonth, type MonthServer, openMonthServer } from '../month/month-server.ts';
import { instant, policyOf } from '../month/month-world.ts';
import { alerting, all, claim, close, inputs, judgedSweep, record, someKeys } from '../world.ts';
import { check } from './check.ts';
import { linesAfter } from './lines-after.ts';

const minute = 60_000;
const hour = 60 * minute;
const hourly: ScheduleConfig = {
  ...{ id: 'hourly', cron: '0 * * * *', timezone: 'UTC', catchUpMs: 12 * hour },
  ...{ overlap: 'skip', deadlineMs: hour },
};
const noon = instant('03-02T12:00:00').getTime();
const unused = {
  key_5: {
    details: { createdOn: instant('01-01T00:00:00', -1), lastUsed: instant('01-01T00:00:00') },
  },
};
const log = { error: (fields: object) => expect(fields).toBeUndefined() };

describe.skipIf(!canHoldMonth())('ticks of a time to which the clock was set back', () => {
  let server: MonthServer;
  beforeEach(async () => {
    server = await openMonthServer();
    onTestFinished(() => server.close());
  });

  const at = (ms: number) => server.setClock(new Date(noon + ms));
  const linesNow = async () => (await check(server.database)).differences.map(renderDifference);

  /** What a service does that looks for due ticks at this time. Returns how many sweeps it opened. */
  async function serve(ms: number, schedules = [hourly]): Promise<number> {
    await at(ms);
    const { database } = server;
    await noteConfiguration(database, { schedules, retentionMs: hour });
    const readable = readableSchedules(schedules, log);
    const { ticks } = await decideDueTicks(database, readable, alerting, log);
    for (const tick of ticks) {
      const order = { ...tick, overlap: 'skip', deadlineMs: hour } as const;
      const opened = await openTickSweep(database, order, inputs(someKeys(2)));
      if (typeof opened !== 'object') throw new Error(`the tick was not opened: ${opened}`);
      await record(database, await claim(database, opened));
      await close(database, opened.sweepId);
    }
    return ticks.length;
  }

  /** The clock ran three hours ahead, and was set back to ten past twelve. */
  async function runAhead(): Promise<void> {
    await serve(minute);
    expect(await serve(3 * hour + minute)).toBe(1);
    expect(await serve(10 * minute)).toBe(0);
    expect(await linesNow()).toEqual([]);
  }

  test('a waiver that expires while its end is looked for is no difference', async () => {
    const until = instant('03-21T00:00:00').getTime() - noon;
    await at(0);
    const { database } = server;
    await judgedSweep(database, { ...inputs(someKeys(6)), policy: policyOf(1) }, unused);
    await at(until - minute);
    let isLooked = false;
    const plugin: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        if (!isLooked) await at(until + minute);
        isLooked = true;
        return result;
      },
    };
    // The log was asked before the last day was over, and the findings after.
    await lapseWaivers({ ...database, db: database.db.withPlugin(plugin) }, alerting);
    const [lapsed] = await all(
      database,
      `select from keysweep.finding_event where kind = 'lapsed'`,
    );
    expect(lapsed).toBeDefined();
    expect(await linesNow()).toEqual([]);
    await lapseWaivers(database, alerting);
    expect(await linesNow()).toEqual([]);
  });

  test('are no difference after hours without the service, nor when it has caught up', async () => {
    await runAhead();
    await at(4 * hour + 30 * minute);
    expect(await linesNow()).toEqual([]);
    expect(await serve(4 * hour + 31 * minute)).toBe(1);
    expect(await linesNow()).toEqual([]);
    await at(9 * hour);
    expect(await linesNow()).toEqual([]);
  });

  test('are none while each comes a second time', async () => {
    await runAhead();
    for (let n = 1; n <= 4; n += 1) {
      expect(await serve(n * hour + minute)).toBe(1);
      expect(await linesNow()).toEqual([]);
    }
  });

  test('are none where the schedule has another cron line before its ticks are looked for', async () => {
    await serve(minute);
    await serve(3 * hour + minute);
    const half = { ...hourly, cron: '30 * * * *' };
    await serve(10 * minute, [half]);
    await at(4 * hour + 30 * minute);
    expect(await linesNow()).toEqual([]);
    expect(await serve(4 * hour + 31 * minute, [half])).toBe(1);
    expect(await linesNow()).toEqual([]);
  });

  test('do not hide that somebody set back until when ticks were decided on', async () => {
    await runAhead();
    for (let n = 1; n <= 4; n += 1) await serve(n * hour + minute);
    await at(6 * hour);
    const edit = `update keysweep.schedule set decided_until = decided_until - interval '90 minutes'`;
    expect(await linesAfter(server.database, edit)).toEqual([
      expect.stringContaining(
        'schedule hourly: the schedule is not the one that the log says: dec',
      ),
    ]);
    const removed = `delete from keysweep.tick where due_at = (select max(due_at) from keysweep.tick)`;
    expect(await linesAfter(server.database, removed)).toEqual([
      expect.stringContaining('was opened, is now gone'),
    ]);
  });
});
