import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AlertChannel, Delivery } from '../../../src/alert/channels/channel.ts';
import type { ChannelPace } from '../../../src/alert/channels/description.ts';
import { type Attempt, deliver } from '../../../src/alert/deliver.ts';
import { renewAlerts } from '../../../src/record/outbox/hold-alerts.ts';
import { type ClaimedAlert, claimAlerts } from '../../../src/record/outbox/outbox.ts';
import { recordAttempt } from '../../../src/record/outbox/record-attempt.ts';
import { aDestination } from '../../alert/an-alerting.ts';
import { describePostgres, describeStores, type GetDatabase } from '../stores.ts';
import { all, aSource, inputs, one, run, someKeys, sweep } from '../world.ts';

const others = ['log', 'mail'];
const aChannel = () => `c-${aSource()}`;

async function anAlert(get: GetDatabase, channel: string, type = 'test'): Promise<string> {
  const id = randomUUID();
  await run(
    get(),
    `insert into keysweep.alert (id, channel, type, part, parts, body)
     values ('${id}', '${channel}', '${type}', 1, 1, '{}')`,
  );
  return id;
}

async function anAlertOf(get: GetDatabase, channel: string, sweepId: string): Promise<void> {
  const id = await anAlert(get, channel);
  await run(
    get(),
    `update keysweep.alert set sweep_id = s.id from keysweep.sweep s
     where s.uuid = '${sweepId}' and alert.id = '${id}'`,
  );
}

const pace: ChannelPace = { inFlight: 20, spacingMs: 0 };
const claim = (get: GetDatabase, channel: string, difference: Partial<ChannelPace> = {}) =>
  claimAlerts(get(), channel, { ...pace, ...difference, leaseMs: 30_000 });
const ids = (alerts: readonly { id: string }[]) => alerts.map(({ id }) => id);

async function claimed(get: GetDatabase, channel: string): Promise<ClaimedAlert> {
  const [alert] = (await claim(get, channel)).alerts;
  if (alert === undefined) throw new Error('nothing was claimed');
  return alert;
}

const endLeases = (get: GetDatabase, channel: string) =>
  run(get(), `update keysweep.alert set leased_until = now() where channel = '${channel}'`);
const dueNow = (get: GetDatabase, id: string) =>
  run(get(), `update keysweep.alert set next_at = now() where id = '${id}'`);

/** An attempt at a channel that answers so. */
function attempt(alert: ClaimedAlert, answer: Delivery): Promise<Attempt> {
  const channel: AlertChannel = {
    id: alert.channel,
    format: 'json',
    deliver: async () => answer,
  };
  return deliver(alert, {
    channels: new Map([[alert.channel, channel]]),
    alerted: [alert.channel, ...others],
    signal: new AbortController().signal,
    log: { warn: () => undefined },
    random: 0,
  });
}

async function end(get: GetDatabase, alert: ClaimedAlert, answer: Delivery) {
  const to = aDestination([alert.channel, ...others]);
  return recordAttempt(get(), alert, await attempt(alert, answer), to);
}

const delivered: Delivery = { kind: 'delivered' };
const passing: Delivery = { kind: 'passing', detail: 'answered 503' };
const permanent: Delivery = { kind: 'permanent', detail: 'answered 410' };

interface Row {
  state: string;
  attempts: number;
  wait: number;
  reached: string[];
  detail: string | null;
}
const row = (get: GetDatabase, id: string) =>
  one<Row>(
    get(),
    `select state, attempts, reached, detail,
       extract(epoch from next_at - clock_timestamp())::float8 as wait
     from keysweep.alert where id = '${id}'`,
  );

describeStores('the outbox', (get) => {
  test('gives the alerts of one channel, in the order of their planning', async () => {
    const channel = aChannel();
    const planned = [await anAlert(get, channel), await anAlert(get, channel)];
    await anAlert(get, aChannel());
    expect(ids((await claim(get, channel)).alerts)).toEqual(planned);
    expect(await claim(get, aChannel())).toEqual({ alerts: [], waitMs: undefined });
  });

  test('gives an alert to one worker at a time, and to the next when the lease ends', async () => {
    const channel = aChannel();
    await anAlert(get, channel);
    const first = await claimed(get, channel);
    const held = await claim(get, channel);
    expect(held.alerts).toEqual([]);
    expect(held.waitMs).toBeGreaterThan(25_000);
    await endLeases(get, channel);
    const second = await claimed(get, channel);
    expect([first.attempt, second.attempt]).toEqual([1, 2]);
    expect(second.sinceFirstMs).toBeGreaterThan(0);
    expect(first.sinceFirstMs).toBe(0);
  });

  test('renews a lease for its holder only', async () => {
    const channel = aChannel();
    await anAlert(get, channel);
    const late = await claimed(get, channel);
    await endLeases(get, channel);
    const holder = await claimed(get, channel);
    await renewAlerts(get(), [late], 3_600_000);
    expect((await claim(get, channel)).waitMs).toBeLessThanOrEqual(30_000);
    await renewAlerts(get(), [holder], 3_600_000);
    expect((await claim(get, channel)).waitMs).toBeGreaterThan(3_500_000);
  });

  test('lets only the worker that holds the alert end it (delivered, not sent: gitlab #460818)', async () => {
    const channel = aChannel();
    const id = await anAlert(get, channel);
    const late = await claimed(get, channel);
    await endLeases(get, channel);
    const holder = await claimed(get, channel);
    expect(await end(get, late, permanent)).toEqual([]);
    expect(await row(get, id)).toMatchObject({ state: 'pending' });
    await end(get, holder, delivered);
    expect(await row(get, id)).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(await claim(get, channel)).toEqual({ alerts: [], waitMs: undefined });
  });

  test('accepts that an alert arrived from the worker that sent it, though another has it now', async () => {
    const channel = aChannel();
    const id = await anAlert(get, channel);
    const late = await claimed(get, channel);
    await endLeases(get, channel);
    const holder = await claimed(get, channel);
    await end(get, late, delivered);
    expect(await row(get, id)).toMatchObject({ state: 'delivered' });
    expect(await end(get, holder, permanent)).toEqual([]);
    expect(await row(get, id)).toMatchObject({ state: 'delivered', detail: null });
  });

  test('records the end of an attempt once, however often it is repeated', async () => {
    const channel = aChannel();
    const id = await anAlert(get, channel);
    const alert = await claimed(get, channel);
    await end(get, alert, passing);
    await dueNow(get, id);
    expect(await end(get, alert, passing)).toEqual([]);
    expect((await row(get, id)).wait).toBeLessThanOrEqual(0);
    const failing = await claimed(get, channel);
    expect(await end(get, failing, permanent)).toHaveLength(2);
    expect(await end(get, failing, permanent)).toEqual([]);
    expect(await end(get, failing, delivered)).toEqual([]);
    expect(await row(get, id)).toMatchObject({ state: 'failed' });
  });

  test('gives a repeated claim what it took before, and no other claim', async () => {
    const channel = aChannel();
    const id = await anAlert(get, channel);
    const terms = { ...pace, inFlight: 1, leaseMs: 30_000 };
    const lost = randomUUID();
    await claimAlerts(get(), channel, { ...terms, claim: lost });
    expect((await claimAlerts(get(), channel, terms)).alerts).toEqual([]);
    expect(ids((await claimAlerts(get(), channel, { ...terms, claim: lost })).alerts)).toEqual([
      id,
    ]);
  });

  test('gives a process no alert that it is still sending, whatever became of its lease', async () => {
    const channel = aChannel();
    const held = [await anAlert(get, channel)];
    const terms = { ...pace, inFlight: 1, leaseMs: 30_000, held };
    await claim(get, channel);
    await endLeases(get, channel);
    const next = await anAlert(get, channel);
    expect((await claimAlerts(get(), channel, terms)).alerts).toEqual([]);
    const two = await claimAlerts(get(), channel, { ...terms, inFlight: 2 });
    expect(ids(two.alerts)).toEqual([next]);
  });

  test('never has more in flight than the channel takes, over all workers', async () => {
    const channel = aChannel();
    for (let n = 0; n < 3; n += 1) await anAlert(get, channel);
    const [first] = (await claim(get, channel, { inFlight: 2 })).alerts;
    const full = await claim(get, channel, { inFlight: 2 });
    expect(full.alerts).toEqual([]);
    expect(full.waitMs).toBeGreaterThan(25_000);
    if (first !== undefined) await end(get, first, delivered);
    expect((await claim(get, channel, { inFlight: 2 })).alerts).toHaveLength(1);
  });

  test('keeps the rate of a channel, whichever worker asks', async () => {
    const channel = aChannel();
    for (let n = 0; n < 2; n += 1) await anAlert(get, channel);
    const slow = { inFlight: 5, spacingMs: 60_000 };
    expect((await claim(get, channel, slow)).alerts).toHaveLength(1);
    const early = await claim(get, channel, slow);
    expect(early.alerts).toEqual([]);
    expect(early.waitMs).toBeGreaterThan(50_000);
    expect(early.waitMs).toBeLessThanOrEqual(60_000);
    await run(
      get(),
      `update keysweep.channel_pace set free_at = now() where channel = '${channel}'`,
    );
    expect((await claim(get, channel, slow)).alerts).toHaveLength(1);
  });

  test('makes a whole channel wait as long as its receiver asked, and no other channel', async () => {
    const channel = aChannel();
    await anAlert(get, channel);
    const asked = await claimed(get, channel);
    await end(get, asked, { ...passing, retryAfterMs: 120_000 });
    await anAlert(get, channel);
    const held = await claim(get, channel);
    expect(held.alerts).toEqual([]);
    expect(held.waitMs).toBeGreaterThan(110_000);
    const other = aChannel();
    await anAlert(get, other);
    expect((await claim(get, other)).alerts).toHaveLength(1);
  });

  test('tries again after 1 and then 5 s, and not before', async () => {
    const channel = aChannel();
    const id = await anAlert(get, channel);
    await end(get, await claimed(get, channel), passing);
    const { wait: firstWait } = await row(get, id);
    expect(firstWait).toBeGreaterThan(0.5);
    expect(firstWait).toBeLessThanOrEqual(1);
    const early = await claim(get, channel);
    expect(early.alerts).toEqual([]);
    expect(early.waitMs).toBeLessThanOrEqual(1_000);

    await dueNow(get, id);
    await end(get, await claimed(get, channel), passing);
    expect((await row(get, id)).wait).toBeGreaterThan(4);
  });

  test('waits no longer because senders died: that says nothing of the receiver', async () => {
    const channel = aChannel();
    const id = await anAlert(get, channel);
    for (let died = 0; died < 6; died += 1) {
      await claimed(get, channel);
      await endLeases(get, channel);
    }
    await end(get, await claimed(get, channel), passing);
    expect(await row(get, id)).toMatchObject({ state: 'pending', attempts: 7 });
    expect((await row(get, id)).wait).toBeLessThanOrEqual(1.1);
  });

  test('records which of several recipients were reached', async () => {
    const channel = aChannel();
    const id = await anAlert(get, channel);
    await end(get, await claimed(get, channel), { ...passing, reached: ['ann@example.com'] });
    expect(await row(get, id)).toMatchObject({ reached: ['ann@example.com'] });
    await dueNow(get, id);
    const again = await claimed(get, channel);
    expect(again.reached).toEqual(['ann@example.com']);
    await end(get, again, passing);
    expect(await row(get, id)).toMatchObject({ reached: ['ann@example.com'] });
  });

  test('gives up an alert that is refused permanently, and alerts the other channels', async () => {
    const channel = aChannel();
    const id = await anAlert(get, channel);
    const told = await end(get, await claimed(get, channel), permanent);
    expect(await row(get, id)).toMatchObject({ state: 'failed', detail: 'answered 410' });
    const notices = await all<{ channel: string; type: string; body: string }>(
      get(),
      `select channel, type, body from keysweep.alert where id in ('${ids(told).join("','")}')
       order by channel`,
    );
    expect(notices.map(({ channel }) => channel)).toEqual(['log', 'mail']);
    expect(JSON.parse(notices[0]?.body ?? '')).toMatchObject({
      type: 'channel.failed',
      data: { channel, alert: { id, type: 'test' }, detail: 'answered 410' },
    });
  });

  test('alerts the other channels too when only some recipients accepted an alert', async () => {
    const channel = aChannel();
    const id = await anAlert(get, channel);
    const some = { ...delivered, refused: '1 of 3 recipients refused' };
    const told = await end(get, await claimed(get, channel), some);
    expect(await row(get, id)).toMatchObject({ state: 'delivered', detail: some.refused });
    expect(told.map((alert) => alert.channel)).toEqual(others);
  });

  test('alerts the other channels once per sweep of a failing channel, however many alerts it loses', async () => {
    const channel = aChannel();
    const source = aSource();
    const sweepIds: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      sweepIds.push((await sweep(get(), inputs(someKeys(1, source)))).sweepId);
    }
    const losing = async (sweepId: string, answers: readonly Delivery[]) => {
      for (const _ of answers) await anAlertOf(get, channel, sweepId);
      const { alerts } = await claim(get, channel);
      const told = [];
      for (const [n, alert] of alerts.entries()) {
        told.push((await end(get, alert, answers[n] ?? delivered)).map((one) => one.channel));
      }
      return told;
    };
    const [first = '', second = ''] = sweepIds;
    expect(await losing(first, [delivered, permanent, permanent, permanent])).toEqual([
      [],
      others,
      [],
      [],
    ]);
    const refused = { ...delivered, refused: '1 of 3 recipients refused' };
    expect(await losing(second, [refused, permanent])).toEqual([others, []]);
  });

  test('gives up after a day of attempts, and not earlier', async () => {
    const tryAfter = async (interval: string) => {
      const channel = aChannel();
      const id = await anAlert(get, channel);
      await run(
        get(),
        `insert into keysweep.delivery (alert_id, attempt, started_at)
         values ('${id}', 1, now() - interval '${interval}')`,
      );
      await end(get, await claimed(get, channel), passing);
      return (await row(get, id)).state;
    };
    expect(await tryAfter('23 hours 59 minutes')).toBe('pending');
    expect(await tryAfter('24 hours')).toBe('failed');
  });

  test('starts a new day of attempts when somebody asks for another try', async () => {
    const channel = aChannel();
    const id = await anAlert(get, channel);
    await run(
      get(),
      `insert into keysweep.delivery (alert_id, attempt, started_at)
       values ('${id}', 1, now() - interval '30 hours');
       update keysweep.alert set retried_at = now() - interval '1 hour' where id = '${id}'`,
    );
    await end(get, await claimed(get, channel), passing);
    const { state, wait } = await row(get, id);
    expect(state).toBe('pending');
    expect(wait).toBeLessThanOrEqual(1);
  });

  test('writes no alert when a channel.failed alert fails', async () => {
    const channel = aChannel();
    await anAlert(get, channel, 'channel.failed');
    expect(await end(get, await claimed(get, channel), permanent)).toEqual([]);
  });
});

describePostgres('the leases of the outbox after an outage', (get) => {
  const seen = (ago: string) =>
    run(get(), `update keysweep.contact set seen_at = clock_timestamp() - interval '${ago}'`);
  const leased = async (left: string) => {
    const channel = aChannel();
    await anAlert(get, channel);
    await claim(get, channel);
    await run(
      get(),
      `update keysweep.alert set leased_until = clock_timestamp() + interval '${left}'
       where channel = '${channel}'`,
    );
    return channel;
  };
  const waitOf = async (channel: string) => (await claim(get, channel)).waitMs ?? -1;

  test('last anew if nobody reached the database for a while', async () => {
    const [held, over] = [await leased('-5 seconds'), await leased('-40 seconds')];
    await seen('30 seconds');
    expect(await waitOf(held)).toBeGreaterThan(29_000);
    // Its worker had gone before the outage.
    expect((await claim(get, over)).alerts).toHaveLength(1);
  });

  test('end as they would if the silence was short', async () => {
    const held = await leased('-1 seconds');
    await seen('2 seconds');
    expect((await claim(get, held)).alerts).toHaveLength(1);
  });

  test('end soon if nobody was there for hours: most likely no keysweep was running', async () => {
    const held = await leased('-2 hours');
    await seen('3 hours');
    const wait = await waitOf(held);
    expect(wait).toBeGreaterThan(3_000);
    expect(wait).toBeLessThanOrEqual(5_000);
  });

  test('do not last until the old future if the clock of the database was stepped back', async () => {
    const held = await leased('2 hours');
    await seen('-2 hours');
    expect(await waitOf(held)).toBeLessThanOrEqual(30_000);
  });
});

describePostgres('the outbox under many workers', (get) => {
  test('writes only one channel.failed when several attempts fail at once', async () => {
    const channel = aChannel();
    const { sweepId } = await sweep(get(), inputs(someKeys(1, aSource())));
    for (let n = 0; n < 8; n += 1) await anAlertOf(get, channel, sweepId);
    const { alerts } = await claim(get, channel);
    const told = await Promise.all(alerts.map((alert) => end(get, alert, permanent)));
    expect(told.flat().map((one) => one.channel)).toEqual(others);
  });

  test('gives an alert to exactly one of them', async () => {
    const channel = aChannel();
    await anAlert(get, channel);
    const tried = Array.from({ length: 8 }, () => claim(get, channel));
    const taken = (await Promise.all(tried)).flatMap(({ alerts }) => alerts);
    expect(taken).toHaveLength(1);
  });

  test('has one in flight to a channel that takes one, however many workers ask', async () => {
    const channel = aChannel();
    for (let n = 0; n < 20; n += 1) await anAlert(get, channel);
    const tried = Array.from({ length: 8 }, () => claim(get, channel, { inFlight: 1 }));
    const taken = (await Promise.all(tried)).flatMap(({ alerts }) => alerts);
    expect(taken).toHaveLength(1);
  });
});
