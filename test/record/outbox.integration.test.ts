import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AlertChannel, Delivery } from '../../src/alert/channels/channel.ts';
import { deliver } from '../../src/alert/deliver.ts';
import { AlertHeld } from '../../src/record/errors.ts';
import { type ClaimedAlert, claimAlert, recordAttempt } from '../../src/record/outbox.ts';
import { describePostgres, describeStores, type GetDatabase } from './stores.ts';
import { all, one, run } from './world.ts';

async function anAlert(get: GetDatabase, channel = 'siem', type = 'test'): Promise<string> {
  const id = randomUUID();
  await run(
    get(),
    `insert into keysweep.alert (id, channel, type, part, parts, body)
     values ('${id}', '${channel}', '${type}', 1, 1, '{}')`,
  );
  return id;
}

async function claimed(get: GetDatabase, id: string): Promise<ClaimedAlert> {
  const alert = await claimAlert(get(), id, 30_000);
  if (alert === undefined) throw new Error('nothing was claimed');
  return alert;
}

const endLease = (get: GetDatabase, id: string) =>
  run(get(), `update keysweep.alert set leased_until = now() where id = '${id}'`);

/** Channels that answer so. */
function channels(answer: Delivery): ReadonlyMap<string, AlertChannel> {
  const channel = (id: string) => ({ id, deliver: async () => answer });
  return new Map(['siem', 'log', 'mail'].map((id) => [id, channel(id)]));
}

const attempt = (alert: ClaimedAlert, answer: Delivery) =>
  deliver(alert, channels(answer), new AbortController().signal, 0);
const passing: Delivery = { kind: 'passing', detail: 'HTTP 503' };
const permanent: Delivery = { kind: 'permanent', detail: 'HTTP 410' };

interface Row {
  state: string;
  attempts: number;
  wait: number;
}
const row = (get: GetDatabase, id: string) =>
  one<Row>(
    get(),
    `select state, attempts, extract(epoch from next_at - now())::float8 as wait
     from keysweep.alert where id = '${id}'`,
  );
const dueNow = (get: GetDatabase, id: string) =>
  run(get(), `update keysweep.alert set next_at = now() where id = '${id}'`);

describeStores('the outbox', (get) => {
  test('gives an alert to one worker at a time, and to the next when the lease ends', async () => {
    const id = await anAlert(get);
    const first = await claimed(get, id);
    await expect(claimAlert(get(), id, 1_000)).rejects.toThrow(AlertHeld);
    await endLease(get, id);
    const second = await claimed(get, id);
    expect([first.attempt, second.attempt]).toEqual([1, 2]);
    expect(second.sinceFirstMs).toBeGreaterThan(0);
    expect(first.sinceFirstMs).toBe(0);
  });

  test('lets only the worker that holds the alert end it (delivered, not sent: gitlab #460818)', async () => {
    const id = await anAlert(get);
    const late = await claimed(get, id);
    await endLease(get, id);
    const holder = await claimed(get, id);
    expect(await recordAttempt(get(), late, await attempt(late, permanent))).toEqual([]);
    expect(await row(get, id)).toMatchObject({ state: 'pending' });
    await recordAttempt(get(), holder, await attempt(holder, { kind: 'delivered' }));
    expect(await row(get, id)).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(await claimAlert(get(), id, 1_000)).toBeUndefined();
  });

  test('tries again after 1 and then 5 s, and not before', async () => {
    const id = await anAlert(get);
    const first = await claimed(get, id);
    await recordAttempt(get(), first, await attempt(first, passing));
    const { wait: firstWait } = await row(get, id);
    expect(firstWait).toBeGreaterThan(0.5);
    expect(firstWait).toBeLessThanOrEqual(1);
    const early = await claimAlert(get(), id, 1_000).catch((error) => error);
    expect(early).toBeInstanceOf(AlertHeld);
    expect(early.retryInMs).toBeLessThanOrEqual(1_000);

    await dueNow(get, id);
    const second = await claimed(get, id);
    await recordAttempt(get(), second, await attempt(second, passing));
    expect((await row(get, id)).wait).toBeGreaterThan(4);
  });

  test('gives up what a channel refuses for good, and tells the others', async () => {
    const id = await anAlert(get);
    const alert = await claimed(get, id);
    const told = await recordAttempt(get(), alert, await attempt(alert, permanent));
    expect(await row(get, id)).toMatchObject({ state: 'failed' });
    const notices = await all<{ channel: string; type: string; body: string }>(
      get(),
      `select channel, type, body from keysweep.alert where id in ('${told.join("','")}')
       order by channel`,
    );
    expect(notices.map(({ channel }) => channel)).toEqual(['log', 'mail']);
    expect(JSON.parse(notices[0]?.body ?? '')).toMatchObject({
      type: 'channel.failed',
      data: { channel: 'siem', alert: { id, type: 'test' }, detail: 'HTTP 410' },
    });
  });

  test('gives up after a day of trying, not a moment before', async () => {
    const tryAfter = async (interval: string) => {
      const id = await anAlert(get);
      await run(
        get(),
        `insert into keysweep.delivery (alert_id, attempt, started_at)
         values ('${id}', 1, now() - interval '${interval}')`,
      );
      const alert = await claimed(get, id);
      await recordAttempt(get(), alert, await attempt(alert, passing));
      return (await row(get, id)).state;
    };
    expect(await tryAfter('23 hours 59 minutes')).toBe('pending');
    expect(await tryAfter('24 hours')).toBe('failed');
  });

  test('tells nobody that telling of a failure failed', async () => {
    const id = await anAlert(get, 'siem', 'channel.failed');
    const alert = await claimed(get, id);
    expect(await recordAttempt(get(), alert, await attempt(alert, permanent))).toEqual([]);
  });
});

describePostgres('the outbox under many workers', (get) => {
  test('gives an alert to exactly one of them', async () => {
    const id = await anAlert(get);
    const tried = Array.from({ length: 8 }, () => claimAlert(get(), id, 5_000));
    const settled = await Promise.allSettled(tried);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
