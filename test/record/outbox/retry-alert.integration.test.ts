import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { renewAlerts } from '../../../src/record/outbox/hold-alerts.ts';
import { type ClaimedAlert, claimAlerts } from '../../../src/record/outbox/outbox.ts';
import { recordAttempt } from '../../../src/record/outbox/record-attempt.ts';
import { type RetryRequest, requeueAlerts } from '../../../src/record/outbox/retry-alert.ts';
import { RequestRefused } from '../../../src/record/store/errors.ts';
import { aDestination } from '../../alert/an-alerting.ts';
import { anAlert } from '../an-alert.ts';
import { describeStores, type GetDatabase } from '../stores.ts';
import { all, aSource, one, run } from '../world.ts';

const aChannel = () => `c-${aSource()}`;
const later = () => new Date(Date.now() + 60_000);

/** Channels that take JSON, but for `incidents`, which are PagerDuty's. */
function retry(get: GetDatabase, request: RetryRequest, channel: string, format = 'json') {
  const formats = new Map([[channel, format as 'json' | 'pagerduty']]);
  return requeueAlerts(get(), request, { ...aDestination([channel]), formats });
}

const these = (...ids: string[]): RetryRequest => ({ kind: 'these', ids });

interface Row {
  readonly state: string;
  readonly fence: number;
  readonly due: boolean;
  readonly retried: boolean;
  readonly attempts: number;
  readonly detail: string | null;
}
const row = (get: GetDatabase, id: string) =>
  one<Row>(
    get(),
    `select state, fence, attempts, detail, next_at <= clock_timestamp() as due,
      retried_at is not null and ended_at is null and leased_until is null as retried
     from keysweep.alert where id = '${id}'`,
  );

async function claimed(get: GetDatabase, channel: string): Promise<ClaimedAlert> {
  const terms = { inFlight: 1, spacingMs: 0, leaseMs: 30_000 };
  const [alert] = (await claimAlerts(get(), channel, terms)).alerts;
  if (alert === undefined) throw new Error('nothing was claimed');
  return alert;
}

const end = (get: GetDatabase, alert: ClaimedAlert, kind: 'delivered' | 'permanent') =>
  recordAttempt(
    get(),
    alert,
    {
      delivery: kind === 'delivered' ? { kind } : { kind, detail: 'answered 404' },
      plan: { kind: kind === 'delivered' ? 'done' : 'give-up' },
      onFailure: [],
    },
    aDestination([]),
  );

describeStores('an alert that is to be sent again', (get) => {
  test('is due at once when it failed, and gets a new day of attempts', async () => {
    const channel = aChannel();
    const id = await anAlert(get(), { channel });
    await end(get, await claimed(get, channel), 'permanent');
    expect(await row(get, id)).toMatchObject({ state: 'failed', retried: false });
    const retried = await retry(get, these(id), channel);
    expect(retried).toEqual({ queued: [{ id, channel }], skipped: [], next: null });
    const what = { state: 'pending', due: true, retried: true, attempts: 1 };
    expect(await row(get, id)).toMatchObject({ ...what, detail: 'answered 404' });
    expect(await claimed(get, channel)).toMatchObject({ id, attempt: 2 });
  });

  test('can no longer be changed by the worker that held it before', async () => {
    const channel = aChannel();
    const id = await anAlert(get(), { channel });
    const zombie = await claimed(get, channel);
    await end(get, zombie, 'permanent');
    await retry(get, these(id), channel);
    await renewAlerts(get(), [zombie], 60_000);
    await end(get, zombie, 'delivered');
    expect(await row(get, id)).toMatchObject({ state: 'pending', retried: true });
    expect(await claimed(get, channel)).toMatchObject({ id, fence: zombie.fence + 2 });
  });

  test('is due at once when it waits for another attempt', async () => {
    const channel = aChannel();
    const id = await anAlert(get(), { channel, next_at: later() });
    expect((await retry(get, these(id), channel)).queued).toEqual([{ id, channel }]);
    expect(await row(get, id)).toMatchObject({ due: true, fence: 0, state: 'pending' });
  });

  test('is left to the worker that is sending it now', async () => {
    const channel = aChannel();
    const id = await anAlert(get(), { channel });
    const held = await claimed(get, channel);
    await retry(get, these(id), channel);
    await end(get, held, 'delivered');
    expect(await row(get, id)).toMatchObject({ state: 'delivered' });
  });

  test.each([
    ['delivered', /cannot be sent again: it was delivered/],
    ['superseded', /a newer alert took its place/],
  ] as const)('is refused when it is %s', async (state, words) => {
    const channel = aChannel();
    const failed = await anAlert(get(), { channel, state: 'failed' });
    const id = await anAlert(get(), { channel, state });
    const refused = retry(get, these(failed, id), channel);
    await expect(refused).rejects.toThrow(RequestRefused);
    await expect(refused).rejects.toThrow(words);
    // All or none.
    expect(await row(get, failed)).toMatchObject({ state: 'failed' });
  });

  test('is found by the beginning of its id, if no other id begins with it', async () => {
    const channel = aChannel();
    const beginning = randomUUID().slice(0, 8);
    const rest = '-1111-4111-8111-11111111111';
    const state = 'failed';
    const id = await anAlert(get(), { channel, state, id: `${beginning}${rest}1` });
    const found = await retry(get, these(beginning.toUpperCase()), channel);
    expect(found.queued).toEqual([{ id, channel }]);
    await anAlert(get(), { channel, state, id: `${beginning}${rest}2` });
    const several = retry(get, these(`${beginning}-1111`), channel);
    await expect(several).rejects.toThrow(
      `${beginning}${rest}2 (findings.changed to ${channel}); give more`,
    );
    expect((await retry(get, these(id, `${beginning}${rest}1`), channel)).queued).toHaveLength(1);
  });

  test.each([
    ['12345678', /no alert id begins with "12345678"; keysweep alerts list shows/],
    ["' or 1=1 --", /no alert id begins with "' or 1=1 --"/],
  ])('is refused when %s is no id of an alert', async (name, words) => {
    await expect(retry(get, these(name), 'siem')).rejects.toThrow(words);
  });

  test('goes before later alerts to its channel about the same finding', async () => {
    const channel = aChannel();
    const finding = Number.parseInt(randomUUID().slice(0, 6), 16);
    const first = await anAlert(get(), { channel, state: 'failed' }, [finding]);
    const next = await anAlert(get(), { channel }, [finding]);
    const other = await anAlert(get(), { channel }, [finding + 1]);
    await retry(get, these(first), channel);
    const order = await all(
      get(),
      `select alert_id as id, after_id as after from keysweep.alert_after
       where alert_id in ('${first}', '${next}', '${other}')`,
    );
    expect(order).toEqual([{ id: next, after: first }]);
    expect((await retry(get, these(first), channel)).queued).toHaveLength(1);
  });

  test('is refused when the channel got a later message about the same incident', async () => {
    const later = { state: 'delivered', leased_until: null } as const;
    const sent = { state: 'pending', leased_until: new Date(Date.now() + 60_000) } as const;
    for (const arrived of [later, sent]) {
      const channel = aChannel();
      const finding = Number.parseInt(randomUUID().slice(0, 6), 16);
      const about = (n: number) => ({ channel, format: 'pagerduty', incident: `finding-${n}` });
      const before = await anAlert(get(), { ...about(finding), ...later }, [finding]);
      await anAlert(get(), { ...about(finding + 1), ...later }, [finding + 1]);
      const id = await anAlert(get(), { ...about(finding), state: 'failed' }, [finding]);
      const same = await anAlert(get(), { ...about(finding + 1), state: 'failed' }, [finding + 1]);
      await anAlert(get(), { ...about(finding), ...arrived }, [finding]);
      const elsewhere = { ...about(finding + 1), channel: 'another' };
      await anAlert(get(), { ...elsewhere, ...arrived }, [finding + 1]);
      const refused = retry(get, these(id), channel, 'pagerduty');
      await expect(refused).rejects.toThrow(/later news of the same incident/);
      const rest = await retry(get, { kind: 'failed', channel }, channel, 'pagerduty');
      expect(rest).toMatchObject({ queued: [{ id: same }], skipped: [{ id }] });
      expect(await row(get, before)).toMatchObject({ state: 'delivered' });
    }
  });

  test('is refused likewise if the incident is about no finding', async () => {
    const channel = aChannel();
    const about = (key: string) => ({
      ...{ channel, format: 'pagerduty', type: 'sweep.incomplete' },
      incident: key,
      // Nobody looks for the incident in what was rendered.
      body: JSON.stringify({ event_action: 'trigger', dedup_key: 'another', payload: 'a\u0000b' }),
    });
    const state = 'failed';
    const overtaken = await anAlert(get(), { ...about('k'), state });
    const alone = await anAlert(get(), { ...about('other'), state });
    await anAlert(get(), { ...about('k'), state: 'delivered', type: 'sweep.recovered' });
    const last = await anAlert(get(), { ...about('k'), state });
    const retried = await retry(get, { kind: 'failed', channel }, channel, 'pagerduty');
    expect(retried.skipped).toMatchObject([{ id: overtaken }]);
    expect(retried.queued).toMatchObject([{ id: alone }, { id: last }]);
  });
});

describeStores('all alerts that failed', (get) => {
  test('are sent again, for one channel or for all', async () => {
    const channel = aChannel();
    const first = await anAlert(get(), { channel, state: 'failed' });
    const second = await anAlert(get(), { channel, state: 'failed' });
    await anAlert(get(), { channel, state: 'delivered' });
    const elsewhere = aChannel();
    const other = await anAlert(get(), { channel: elsewhere, state: 'failed' });
    const retried = await retry(get, { kind: 'failed', channel }, channel);
    expect(retried.queued).toMatchObject([{ id: first }, { id: second }]);
    expect(await row(get, other)).toMatchObject({ state: 'failed' });
    const rest = await retry(get, { kind: 'failed' }, channel);
    expect(rest).toMatchObject({ queued: [], skipped: [{ id: other }] });
    expect((await retry(get, { kind: 'failed' }, elsewhere)).queued).toMatchObject([{ id: other }]);
  });

  test('are sent again in several transactions, and none is left out', async () => {
    const channel = aChannel();
    await run(
      get(),
      `insert into keysweep.alert (channel, type, part, parts, format, body, state)
       select '${channel}', 'test', n, 501, 'json', '{}', 'failed' from generate_series(1, 501) n`,
    );
    const first = await retry(get, { kind: 'failed', channel }, channel);
    const after = first.next ?? '';
    const last = await retry(get, { kind: 'failed', channel, after }, channel);
    expect([first.queued.length, last.queued.length, last.next]).toEqual([500, 1, null]);
  });
});
