import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { HeartbeatStyle, Heartbeats } from '../../../src/alert/alerts-config.ts';
import { heartbeatId } from '../../../src/alert/destinations.ts';
import { writeCheckpoint } from '../../../src/record/log/checkpoints.ts';
import { claimAlerts } from '../../../src/record/outbox/outbox.ts';
import { openTickSweep } from '../../../src/record/sweeps/open-sweep.ts';
import { decideTicks, noteSchedules } from '../../../src/record/sweeps/ticks.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import { describeStores } from '../stores.ts';
import { all, aSource, claim, close, inputs, record, run, someKeys } from '../world.ts';

describeStores('the heartbeat of a schedule', (get) => {
  async function world(style: HeartbeatStyle = 'healthchecks') {
    const schedule = aSource();
    const terms = anAlerting([], { heartbeats: new Map([[schedule, style]]) });
    await noteSchedules(get(), [{ id: schedule, cron: '* * * * *', timezone: 'UTC' }]);
    const { heartbeats } = terms;
    const open = async (deadlineMs = 60_000, beating: Heartbeats = heartbeats) => {
      const order = {
        schedule,
        dueAt: new Date(),
        trigger: 'schedule',
        overlap: 'skip',
        deadlineMs,
        heartbeats: beating,
      } as const;
      const opened = await openTickSweep(get(), order, inputs(someKeys(1, schedule)));
      if (opened === undefined || opened === 'skipped') throw new Error('the tick did not open');
      return opened;
    };
    const beats = async () =>
      (
        await all<{ body: string }>(
          get(),
          `select body from keysweep.alert where channel = '${heartbeatId(schedule)}' order by place`,
        )
      ).map(({ body }) => body);
    return { schedule, terms, open, beats };
  }

  test('is called when its sweep opens and when it closes', async () => {
    const { open, beats, terms } = await world();
    const opened = await open();
    expect(await beats()).toEqual(['start']);
    await record(get(), await claim(get(), opened), {});
    const { alerts } = await close(get(), opened.sweepId, terms);
    expect(await beats()).toEqual(['start', 'success']);
    expect(alerts.map(({ channel }) => channel)).toEqual(
      [...terms.heartbeats.keys()].map(heartbeatId),
    );
  });

  test('tells the newest checkpoint of the evidence log, unless its monitor is plain', async () => {
    const note = 'keysweep/test\n9\nAAAA\n\n— keysweep/test AAAAAAAA\n';
    await writeCheckpoint(get().db, { size: 9, note });
    const usual = await world();
    await usual.open();
    expect(await usual.beats()).toEqual([`start\n${note}`]);
    const plain = await world('plain');
    const opened = await plain.open();
    await record(get(), await claim(get(), opened), {});
    await close(get(), opened.sweepId, plain.terms);
    expect(await plain.beats()).toEqual(['success']);
    await run(get(), 'delete from keysweep.checkpoint');
  });

  test('fails when no key was audited', async () => {
    const { open, beats, terms } = await world();
    const opened = await open();
    await record(get(), await claim(get(), opened), { key_0: { unknown: true } });
    await close(get(), opened.sweepId, terms);
    expect(await beats()).toEqual(['start', 'fail']);
  });

  test('of style plain is called after success only', async () => {
    const good = await world('plain');
    const opened = await good.open();
    await record(get(), await claim(get(), opened), {});
    await close(get(), opened.sweepId, good.terms);
    expect(await good.beats()).toEqual(['success']);

    const late = await world('plain');
    await close(get(), (await late.open(1)).sweepId, late.terms);
    expect(await late.beats()).toEqual([]);
  });

  test('fails when the sweep passes its deadline', async () => {
    const { open, beats, terms } = await world();
    const opened = await open(1);
    await close(get(), opened.sweepId, terms);
    expect(await beats()).toEqual(['start', 'fail']);
  });

  test('fails when ticks are missed', async () => {
    const { schedule, beats, terms } = await world();
    const decided = await decideTicks(get(), schedule, terms, ({ now }) => ({
      run: undefined,
      overtaken: [],
      missed: { count: 2, first: new Date(now.getTime() - 1_000), last: now },
    }));
    expect(await beats()).toEqual(['fail']);
    expect(decided?.alerts.map(({ channel }) => channel)).toEqual([heartbeatId(schedule)]);
  });

  test('is not called if none is configured', async () => {
    const { open, beats, terms } = await world();
    const opened = await open(60_000, new Map());
    await record(get(), await claim(get(), opened));
    await close(get(), opened.sweepId, { ...terms, heartbeats: new Map() });
    expect(await beats()).toEqual([]);
  });

  test('is called once at a time and in order; a call that failed gives way to a newer one', async () => {
    const channel = heartbeatId(aSource());
    const call = async (body: string) => {
      const id = randomUUID();
      await run(
        get(),
        `insert into keysweep.alert (id, channel, type, part, parts, format, body)
         values ('${id}', '${channel}', 'heartbeat.${body}', 1, 1, 'heartbeat', '${body}')`,
      );
    };
    const take = async () => {
      const pace = { inFlight: 1, spacingMs: 0, leaseMs: 30_000 };
      return (await claimAlerts(get(), channel, pace)).alerts.map(({ body }) => body);
    };
    const fail = () =>
      run(get(), `update keysweep.alert set leased_until = null where channel = '${channel}'`);
    await call('start');
    await call('success');
    expect(await take()).toEqual(['start']);
    expect(await take()).toEqual([]);
    await fail();
    expect(await take()).toEqual(['success']);
    await fail();
    expect(await take()).toEqual(['success']);
    const states = await all<{ state: string }>(
      get(),
      `select state from keysweep.alert where channel = '${channel}' order by place`,
    );
    expect(states).toEqual([{ state: 'superseded' }, { state: 'pending' }]);
  });
});
