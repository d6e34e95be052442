import { expect, test } from 'vitest';
import { anAlerting } from '../../alert/an-alerting.ts';
import { describeStores } from '../stores.ts';
import { aSource, changes, inputs, run, type Saying, someKeys, sweep } from '../world.ts';

const hour = 3_600_000;
const day = 24 * hour;
const stale: Saying = { breaks: ['stale'] };

describeStores('reminders', (get) => {
  async function world(remindAfterMs: number | undefined, sayings = { key_0: stale }) {
    const source = aSource();
    const using = inputs(someKeys(2, source));
    const terms = anAlerting(['siem', 'log'], { remindAfterMs });
    const night = async (said: Record<string, Saying> = sayings) => {
      const { closed } = await sweep(get(), using, said, undefined, terms);
      return changes(get(), closed.alerts.slice(0, 1), source);
    };
    /** Lets so long pass. */
    const pass = (ms: number) =>
      run(
        get(),
        `update keysweep.finding f set told_at = told_at - interval '${ms} milliseconds'
         from keysweep.tracked_key k where k.id = f.key_id and k.source = '${source}'`,
      );
    expect(await night()).toEqual(['opened key_0 stale']);
    return { night, pass };
  }
  const reminder = ['reminders key_0 stale'];

  test('repeat findings that are still open, once per interval', async () => {
    const { night, pass } = await world(7 * day);
    expect(await night()).toEqual([]);
    await pass(7 * day);
    expect(await night()).toEqual(reminder);
    expect(await night()).toEqual([]);
    await pass(7 * day);
    expect(await night()).toEqual(reminder);
  });

  test('come on the night that is one interval later, even if clocks changed meanwhile', async () => {
    const { night, pass } = await world(7 * day);
    await pass(7 * day - 3 * hour);
    expect(await night()).toEqual([]);
    await pass(hour + 60_000);
    expect(await night()).toEqual(reminder);
  });

  test('are not early if the interval is shorter than a day', async () => {
    const { night, pass } = await world(hour);
    await pass(hour - 10_000);
    expect(await night()).toEqual([]);
    await pass(10_000);
    expect(await night()).toEqual(reminder);
  });

  test('are not sent for a finding that has ended or is alerted anyway', async () => {
    const { night, pass } = await world(7 * day);
    await pass(8 * day);
    expect(await night({})).toEqual(['resolved key_0 stale']);
    await pass(8 * day);
    expect(await night({})).toEqual([]);
    expect(await night()).toEqual(['reopened key_0 stale']);
    expect(await night()).toEqual([]);
  });

  test('are sent for a finding that stays open while its key is unknown', async () => {
    const { night, pass } = await world(7 * day);
    await pass(7 * day);
    expect(await night({ key_0: { unknown: true } })).toEqual(reminder);
  });

  test('are not sent if `remindAfter` is not configured', async () => {
    const { night, pass } = await world(undefined);
    await pass(400 * day);
    expect(await night()).toEqual([]);
  });

  test('come only with full sweeps', async () => {
    const source = aSource();
    const keys = someKeys(1, source);
    const terms = anAlerting(['siem'], { remindAfterMs: 10 });
    await sweep(get(), inputs(keys), { key_0: stale }, undefined, terms);
    const { closed } = await sweep(get(), inputs(keys), { key_0: stale }, keys, terms);
    expect(closed.alerts).toEqual([]);
  });
});
