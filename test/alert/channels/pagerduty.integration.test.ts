import { describe, expect, onTestFinished, test } from 'vitest';
import type { OutgoingAlert } from '../../../src/alert/channels/channel.ts';
import {
  createPagerdutyChannel,
  type PagerdutyOptions,
} from '../../../src/alert/channels/pagerduty/send.ts';
import type { AlertFinding, FindingsChanged, Message } from '../../../src/alert/message.ts';
import { pagerduty } from '../../../src/alert/render/pagerduty.ts';
import { freePort } from '../../support/child-server.ts';
import { aCoverage, aFinding, aMissed, aSweep } from '../a-finding.ts';
import { type Fault, openPagerduty, routingKey } from './pagerduty-server.ts';

const never = new AbortController().signal;
const at = new Date('2026-11-23T02:31:00Z');

const outgoing = (message: Message): OutgoingAlert => ({
  id: 'alert-1',
  type: message.type,
  body: pagerduty.render(message, at).body,
  attempt: 1,
});

function changed(change: keyof FindingsChanged, finding: Partial<AlertFinding> = {}): Message {
  const none = { opened: [], reopened: [], resolved: [], lapsed: [], waived: [], reminders: [] };
  const counts = { sweep: aSweep, coverage: aCoverage, part: 1, parts: 1 };
  const data = { ...counts, ...none, [change]: [aFinding(finding)] };
  return { type: 'findings.changed', data };
}

const incomplete = (unknown: number): Message => ({
  type: 'sweep.incomplete',
  data: { sweep: aSweep, coverage: { ...aCoverage, unknown }, unknowns: [], omitted: unknown },
});

async function open(fault?: (count: number) => Fault | undefined) {
  const server = await openPagerduty(fault);
  onTestFinished(() => server.close());
  return server;
}

const channelAt = (url: string, difference: Partial<PagerdutyOptions> = {}) =>
  createPagerdutyChannel({
    id: 'oncall',
    url,
    routingKey,
    allowPrivateNetworks: true,
    now: () => at,
    ...difference,
  });

async function deliverAll(url: string, messages: readonly Message[]) {
  const channel = channelAt(url);
  const deliveries = [];
  for (const message of messages) deliveries.push(await channel.deliver(outgoing(message), never));
  return deliveries;
}
const delivered = { kind: 'delivered' };

describe('incidents', () => {
  test('are one per finding: it opens, is updated and ends, and a new one opens when it reopens', async () => {
    const { url, incidents, refused } = await open();
    const life = ['opened', 'reminders', 'resolved', 'reopened', 'lapsed'] as const;
    const deliveries = await deliverAll(url, [
      ...life.map((change) => changed(change)),
      changed('opened', { fingerprint: 'f-2', keyId: 'key_2' }),
    ]);
    expect(deliveries).toEqual(Array(6).fill(delivered));
    expect(refused).toEqual([]);
    expect(incidents.map(({ key, status, triggers }) => [key, status, triggers])).toEqual([
      ['f-1', 'resolved', 2],
      ['f-1', 'triggered', 2],
      ['f-2', 'triggered', 1],
    ]);
  });

  test('are not doubled when the same attempt is made twice', async () => {
    const { url, incidents } = await open();
    await deliverAll(url, [changed('opened'), changed('opened')]);
    await deliverAll(url, [changed('resolved'), changed('resolved')]);
    expect(incidents).toMatchObject([{ key: 'f-1', status: 'resolved' }]);
  });

  test('about unknown keys end when no key is unknown', async () => {
    const { url, incidents } = await open();
    await deliverAll(url, [incomplete(3), incomplete(5)]);
    expect(incidents).toMatchObject([{ status: 'triggered', triggers: 2 }]);
    await deliverAll(url, [incomplete(0)]);
    expect(incidents).toMatchObject([{ status: 'resolved' }]);
  });

  test('are accepted from every type of message, and a test leaves none open', async () => {
    const { url, incidents, refused } = await open();
    const failed = { channel: 'siem', alert: { id: 'a', type: 'test' }, attempts: 1, detail: 'x' };
    const anomaly = {
      sweep: aSweep,
      coverage: aCoverage,
      compared: 1,
      changed: 1,
      turned: { pass: 0, fail: 1, waived: 0, unknown: 0, missing: 0, left: 0 },
      cause: 'unclear' as const,
      detail: 'x',
      held: 1,
      release: 'x',
    };
    const about = { sweep: aSweep, coverage: aCoverage };
    const recovered = { ...about, anomaly: aSweep.id, how: 'withdrawn' as const, withdrawn: 1 };
    const deliveries = await deliverAll(url, [
      { type: 'sweep.missed', data: aMissed },
      { type: 'channel.failed', data: failed },
      { type: 'sweep.anomaly', data: anomaly },
      { type: 'sweep.recovered', data: recovered },
      { type: 'test', data: { channel: 'oncall' } },
    ]);
    expect(deliveries).toEqual(Array(5).fill(delivered));
    expect(refused).toEqual([]);
    expect(incidents.map(({ severity, status }) => [severity, status])).toEqual([
      ['error', 'triggered'],
      ['error', 'triggered'],
      ['error', 'resolved'],
      ['info', 'resolved'],
    ]);
  });

  test('with hostile findings are accepted', async () => {
    const { url, refused } = await open();
    const hostile = ['\u0000', '中', '😀', '"\\', '\ud800'].map((sign) => sign.repeat(5_000));
    const findings = hostile.flatMap((text) => [
      changed('opened', { keyName: text, keyId: text, message: text, rule: text, source: text }),
      changed('opened', { facts: { [text]: Array(300).fill(text) }, controls: [text] }),
    ]);
    expect(await deliverAll(url, findings)).toEqual(findings.map(() => delivered));
    expect(refused).toEqual([]);
  });
});

describe('the event', () => {
  test('is the body with the routing key, which no body can replace', async () => {
    const { url, received } = await open();
    const { body, ...alert } = outgoing(changed('resolved'));
    const forged = JSON.stringify({ ...JSON.parse(body), routing_key: 'f'.repeat(32) });
    await channelAt(url).deliver({ ...alert, body: forged }, never);
    expect(received[0]).toMatchObject({ method: 'POST', url: '/v2/enqueue' });
    const event = { event_action: 'resolve', dedup_key: 'f-1', routing_key: routingKey };
    expect(JSON.parse(received[0]?.body ?? '')).toEqual(event);
  });

  test.each(['nonsense', '[]', '{}', '{"event_action":"acknowledge","dedup_key":"a"}'])(
    'is not made from the body %s, which is a permanent failure',
    async (body) => {
      const { url, received } = await open();
      const alert = { id: 'a', type: 'findings.changed', body, attempt: 1 };
      expect(await channelAt(url).deliver(alert, never)).toMatchObject({ kind: 'permanent' });
      expect(received).toEqual([]);
    },
  );
});

describe('the answer', () => {
  const answered = async (fault: Fault) => {
    const { url } = await open(() => fault);
    return channelAt(url).deliver(outgoing(changed('opened')), never);
  };

  test.each([400, 401, 403, 404, 413, 302])('%i is permanent', async (status) => {
    const detail = `answered ${status}`;
    expect(await answered({ status })).toEqual({ kind: 'permanent', detail, codes: [status] });
  });

  test.each([429, 500, 502, 503])('%i is passing', async (status) => {
    const detail = `answered ${status}`;
    expect(await answered({ status })).toEqual({ kind: 'passing', detail, codes: [status] });
  });

  test('may ask for a delay', async () => {
    const fault = { status: 429, headers: { 'retry-after': '7' } };
    expect(await answered(fault)).toMatchObject({ kind: 'passing', retryAfterMs: 7_000 });
  });

  test('that never comes is passing', async () => {
    const dead = `http://127.0.0.1:${await freePort()}/`;
    const alert = outgoing(changed('opened'));
    const said = { kind: 'passing', detail: 'not reached: ECONNREFUSED', codes: ['ECONNREFUSED'] };
    expect(await channelAt(dead).deliver(alert, never)).toEqual(said);
  });

  test('to a wrong key is permanent and does not show it', async () => {
    const { url, refused } = await open();
    const wrong = 'canary-of-31-characters-exactly';
    const channel = channelAt(url, { routingKey: wrong });
    const delivery = await channel.deliver(outgoing(changed('opened')), never);
    expect(delivery).toEqual({ kind: 'permanent', detail: 'answered 400', codes: [400] });
    expect(refused).toEqual(["Length of 'routing_key' is incorrect"]);
  });
});

describe('a test', () => {
  const alert = outgoing({ type: 'test', data: { channel: 'oncall' } });

  test('opens an incident and ends it', async () => {
    const { url, received, incidents } = await open();
    expect(await channelAt(url).deliver(alert, never)).toEqual(delivered);
    const actions = received.map(({ body }) => JSON.parse(body).event_action);
    expect(actions).toEqual(['trigger', 'resolve']);
    expect(incidents).toMatchObject([{ status: 'resolved', severity: 'info' }]);
  });

  test('is not ended when it could not be opened', async () => {
    const { url, received } = await open(() => ({ status: 500 }));
    const said = { kind: 'passing', detail: 'answered 500', codes: [500] };
    expect(await channelAt(url).deliver(alert, never)).toEqual(said);
    expect(received).toHaveLength(1);
  });

  test('whose incident could not be ended says so, and ends it at the next attempt', async () => {
    const limit = { status: 429, headers: { 'retry-after': '3' } };
    const { url, incidents } = await open((count) => (count === 2 ? limit : undefined));
    expect(await channelAt(url).deliver(alert, never)).toEqual({
      kind: 'passing',
      detail: 'the incident of the test is still open: answered 429',
      codes: [429],
      retryAfterMs: 3_000,
    });
    expect(await channelAt(url).deliver({ ...alert, attempt: 2 }, never)).toEqual(delivered);
    expect(incidents).toMatchObject([{ status: 'resolved', triggers: 2 }]);
  });
});

test('rejects with the signal’s reason when the caller stops waiting', async () => {
  const stop = new AbortController();
  const { url } = await open(() => {
    stop.abort(new Error('closing'));
    return { status: 500 };
  });
  const alert = outgoing(changed('opened'));
  const channel = channelAt(url);
  await channel.deliver(alert, stop.signal).catch(() => undefined);
  await expect(channel.deliver(alert, stop.signal)).rejects.toThrow('closing');
});
