import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  type AlertsFilter,
  readAlertsPage,
} from '../../../src/record/reads/lists/read-alerts-page.ts';
import { readHeldSweeps, readOutcome } from '../../../src/record/reads/read-alerts.ts';
import type { PageAsked } from '../../../src/record/store/paging/page.ts';
import { anAlert } from '../an-alert.ts';
import { describeStores, type GetDatabase } from '../stores.ts';
import { aSource, inputs, run, someKeys, sweep } from '../world.ts';

const aChannel = () => `c-${aSource()}`;

type Asked = Omit<AlertsFilter, 'channel'> & Partial<PageAsked> & { readonly channel?: string };

async function listPage(get: GetDatabase, { limit = 100, cursor, channel, ...filter }: Asked) {
  const channels = channel === undefined ? {} : { channel: [channel] };
  return readAlertsPage(get(), { ...filter, ...channels }, { limit, cursor });
}

const list = async (get: GetDatabase, asked: Asked) => (await listPage(get, asked)).items;

const ids = (alerts: readonly { readonly id: string }[]) => alerts.map(({ id }) => id);
const minute = 60_000;
const later = () => new Date(Date.now() + minute);
const before = () => new Date(Date.now() - minute);

describeStores('the list of alerts', (get) => {
  test('is newest first, and has only the requested alerts', async () => {
    const channel = aChannel();
    const failed = await anAlert(get(), { channel, state: 'failed' });
    const pending = await anAlert(get(), { channel });
    const delivered = await anAlert(get(), { channel, state: 'delivered' });
    await anAlert(get(), { channel: aChannel() });
    expect(ids(await list(get, { channel }))).toEqual([delivered, pending, failed]);
    expect(ids(await list(get, { channel, limit: 2 }))).toEqual([delivered, pending]);
    const state = ['failed', 'pending'] as const;
    expect(ids(await list(get, { channel, state }))).toEqual([pending, failed]);
    expect(await list(get, { channel: `${channel}'; --` })).toEqual([]);
  });

  test('gives when an alert is due, whether it is being sent, and when it ended', async () => {
    const channel = aChannel();
    const next_at = later();
    await anAlert(get(), { channel, next_at, attempts: 3, detail: 'answered 503' });
    await anAlert(get(), { channel, leased_until: later() });
    await anAlert(get(), { channel, leased_until: before() });
    const ended_at = before();
    await anAlert(get(), { channel, state: 'failed', ended_at, part: 2, parts: 3 });
    const [failed, lost, held, waiting] = await list(get, { channel });
    expect(failed).toMatchObject({ state: 'failed', part: 2, parts: 3, endedAt: ended_at });
    expect(failed).toMatchObject({ nextAt: null, sending: false, sweep: null, findings: 0 });
    expect(lost).toMatchObject({ sending: false, nextAt: expect.any(Date), endedAt: null });
    expect(held).toMatchObject({ sending: true });
    expect(waiting).toMatchObject({ nextAt: next_at, attempts: 3, detail: 'answered 503' });
  });

  test('counts findings, not their changes, and holds no body', async () => {
    const channel = aChannel();
    await anAlert(get(), { channel, body: '{"secret":1}' }, [71, 71, 72]);
    const [alert] = await list(get, { channel });
    expect(alert?.findings).toBe(2);
    expect(JSON.stringify(alert)).not.toContain('secret');
  });

  test('continues over several pages, and ends at the limit', async () => {
    const channel = aChannel();
    await run(
      get(),
      `insert into keysweep.alert (channel, type, part, parts, body)
       select '${channel}', 'test', n, 2001, '{}' from generate_series(1, 2001) n`,
    );
    const all = await list(get, { channel, limit: 5_000 });
    expect(all.map(({ part }) => part)).toEqual(Array.from({ length: 2001 }, (_, n) => 2001 - n));
    const first = await listPage(get, { channel, limit: 1_000 });
    expect(ids(first.items)).toEqual(ids(all.slice(0, 1_000)));
    // An alert that is planned meanwhile moves nothing.
    await anAlert(get(), { channel });
    const rest = await listPage(get, { channel, limit: 1_001, cursor: first.next ?? '' });
    expect(ids(rest.items)).toEqual(ids(all.slice(1_000)));
    expect(rest.next).toBeNull();
  });

  test('of a sweep has the alerts that the sweep caused', async () => {
    const { sweepId, closed } = await sweep(get(), inputs(someKeys(1, aSource())), {
      key_0: { breaks: ['stale'] },
    });
    const found = await list(get, { sweep: sweepId.slice(0, 13).toUpperCase() });
    expect(ids(found)).toEqual(ids(closed.alerts).reverse());
    expect(found[0]).toMatchObject({ sweep: sweepId, findings: 1 });
    const nowhere = list(get, { sweep: randomUUID() });
    await expect(nowhere).rejects.toThrow(/no sweep id begins with/);
  });

  test('comes with the held sweeps, whatever their stored anomaly', async () => {
    const broken = { key_0: { breaks: ['stale', 'old'] } };
    const held = await sweep(get(), inputs(someKeys(1, aSource())), broken);
    const set = (values: string) =>
      run(get(), `update keysweep.sweep set ${values} where uuid = '${held.sweepId}'`);
    expect(await readHeldSweeps(get())).toEqual([]);
    await set(`held = 'held', anomaly = '{"cause":"one-rule","detail":"why","held":7}'`);
    expect(await readHeldSweeps(get())).toEqual([
      {
        sweep: held.sweepId,
        openedAt: expect.any(Date),
        held: 7,
        cause: 'one-rule',
        detail: 'why',
      },
    ]);
    for (const anomaly of ['null', `'"text"'`, `'{"cause":[],"held":"many"}'`]) {
      await set(`anomaly = ${anomaly}`);
      expect(await readHeldSweeps(get())).toMatchObject([{ held: 0, cause: null, detail: null }]);
    }
    await run(
      get(),
      `update keysweep.finding_event set planned_at = null where kind = 'opened' and sweep_id =
        (select id from keysweep.sweep where uuid = '${held.sweepId}')`,
    );
    expect(await readHeldSweeps(get())).toMatchObject([{ held: 2 }]);
    await set(`held = 'released'`);
    expect(await readHeldSweeps(get())).toEqual([]);
  });
});

describeStores('the state of delivery', (get) => {
  test('counts by state, separates soon from late, and lists what is left', async () => {
    const channel = aChannel();
    const delivered = await anAlert(get(), { channel, state: 'delivered' });
    const failed = await anAlert(get(), { channel, state: 'failed', detail: 'answered 404' });
    const soon = await anAlert(get(), { channel, next_at: later() });
    const sent = await anAlert(get(), { channel, next_at: later(), leased_until: later() });
    await anAlert(get(), { channel, state: 'failed' });
    const asked = [delivered, failed, soon, sent];
    expect(await readOutcome(get(), asked, 2 * minute)).toMatchObject({
      ...{ delivered: 1, failed: 1, pending: 2, soon: 2 },
      left: [{ id: failed, detail: 'answered 404' }, { id: soon }],
    });
    expect((await readOutcome(get(), asked, minute / 2)).soon).toBe(1);
    expect(await readOutcome(get(), [], 0)).toMatchObject({ pending: 0, soon: 0, left: [] });
  });

  test('lists each reason of each channel once, so that a dead channel hides no other', async () => {
    const dead = { channel: aChannel(), state: 'failed', detail: 'answered 404' } as const;
    const first = await anAlert(get(), dead);
    const many = [];
    for (let n = 0; n < 25; n += 1) many.push(await anAlert(get(), dead));
    const waiting = await anAlert(get(), { ...dead, state: 'pending' });
    const other = await anAlert(get(), { ...dead, channel: aChannel() });
    const { failed, left } = await readOutcome(get(), [first, ...many, waiting, other], 0);
    expect([failed, ids(left)]).toEqual([27, [first, waiting, other]]);
  });

  test('lists at most twenty', async () => {
    const channel = aChannel();
    const many = [];
    for (let n = 0; n < 21; n += 1) {
      many.push(await anAlert(get(), { channel, state: 'failed', detail: `reason ${n}` }));
    }
    const { failed, left } = await readOutcome(get(), many, 0);
    expect([failed, ids(left)]).toEqual([21, many.slice(0, 20)]);
  });
});
