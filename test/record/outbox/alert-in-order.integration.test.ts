import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { claimAlerts } from '../../../src/record/outbox/outbox.ts';
import { anAlerting } from '../../alert/an-alerting.ts';
import { describePostgres, describeStores } from '../stores.ts';
import { all, aSource, changes, inputs, run, type Saying, someKeys, sweep } from '../world.ts';

const stale: Saying = { breaks: ['stale'] };

/** What a channel is told of one finding arrives in the order in which it happened. */
describeStores('alerts about the same finding', (get) => {
  function world() {
    const source = aSource();
    const keys = someKeys(2, source);
    const channel = `c-${source}`;
    const terms = anAlerting([channel, `other-${channel}`]);
    const night = (said: Record<string, Saying>) =>
      sweep(get(), inputs(keys), said, undefined, terms);
    const claim = async (of = channel) => {
      const pace = { inFlight: 20, spacingMs: 0, leaseMs: 30_000 };
      const claimed = await claimAlerts(get(), of, pace);
      const told = await changes(get(), claimed.alerts, source);
      return { told, waitMs: claimed.waitMs, ids: claimed.alerts.map(({ id }) => id) };
    };
    const end = async (ids: readonly string[], state: 'delivered' | 'failed') => {
      for (const id of ids) {
        await run(
          get(),
          `update keysweep.alert set state = '${state}', leased_until = null where id = '${id}'`,
        );
      }
    };
    return { source, night, claim, end, channel };
  }

  test('are sent one after the other: no resolve overtakes its trigger', async () => {
    const { night, claim, end } = world();
    await night({ key_0: stale });
    await night({});
    await night({ key_0: stale });
    const first = await claim();
    expect(first.told).toEqual(['opened key_0 stale']);
    expect((await claim()).told).toEqual([]);
    await end(first.ids, 'delivered');
    const second = await claim();
    expect(second.told).toEqual(['resolved key_0 stale']);
    await end(second.ids, 'delivered');
    expect((await claim()).told).toEqual(['reopened key_0 stale']);
  });

  test('go on when the one before is given up', async () => {
    const { night, claim, end } = world();
    await night({ key_0: stale });
    await night({});
    await end((await claim()).ids, 'failed');
    expect((await claim()).told).toEqual(['resolved key_0 stale']);
  });

  test('wait while the one before is to be tried again, and give the waiting time', async () => {
    const { night, claim, channel } = world();
    await night({ key_0: stale });
    await night({});
    await claim();
    await run(
      get(),
      `update keysweep.alert set leased_until = null, next_at = now() + interval '1 hour'
       where channel = '${channel}' and attempts > 0`,
    );
    const { told, waitMs } = await claim();
    expect(told).toEqual([]);
    expect(waitMs).toBeGreaterThan(3_500_000);
  });

  test('and notices keep their order: no all-clear overtakes its alarm', async () => {
    const { night, claim, end } = world();
    await night({});
    await end((await claim()).ids, 'delivered');
    await night({ key_0: { unknown: true } });
    await night({});
    const alarm = await claim();
    expect(alarm.ids).toHaveLength(1);
    expect((await claim()).ids).toEqual([]);
    await end(alarm.ids, 'delivered');
    expect((await claim()).ids).toHaveLength(1);
  });

  test('delay no other finding and no other channel', async () => {
    const { night, claim, channel } = world();
    await night({ key_0: stale });
    await night({ key_0: stale, key_1: stale });
    await night({ key_1: stale });
    expect((await claim()).told).toEqual(['opened key_0 stale', 'opened key_1 stale']);
    expect((await claim(`other-${channel}`)).told).toHaveLength(2);
  });

  test('are stored with their events', async () => {
    const { night, claim, source } = world();
    await night({ key_0: stale, key_1: stale });
    const { ids } = await claim();
    const kept = await all<{ kind: string; rule: string }>(
      get(),
      `select v.kind, f.rule from keysweep.alert_event a
       join keysweep.finding_event v on v.id = a.event_id
       join keysweep.finding f on f.id = a.finding_id
       join keysweep.tracked_key k on k.id = f.key_id
       where a.alert_id = '${ids[0]}' and k.source = '${source}'`,
    );
    expect(kept).toEqual([
      { kind: 'opened', rule: 'stale' },
      { kind: 'opened', rule: 'stale' },
    ]);
  });
});

/** A closing keeps the alerts that go before its own until it is through, which may take long. */
describePostgres('alerts that a closing sweep refers to', (get) => {
  test('can be delivered while it is closing', async () => {
    const source = aSource();
    const channel = `c-${source}`;
    const terms = anAlerting([channel]);
    const { closed } = await sweep(
      get(),
      inputs(someKeys(1, source)),
      { key_0: stale },
      undefined,
      terms,
    );
    const ids = closed.alerts.map(({ id }) => id);
    const claimed = await get().transact(async (tx) => {
      await sql`select from keysweep.alert where id = any (${ids}::uuid[]) for key share`.execute(
        tx,
      );
      return claimAlerts(get(), channel, { inFlight: 20, spacingMs: 0, leaseMs: 30_000 });
    });
    expect(claimed.alerts.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  });
});
