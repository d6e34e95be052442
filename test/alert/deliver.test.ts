import { describe, expect, test, vi } from 'vitest';
import type { AlertChannel, Delivery } from '../../src/alert/channels/channel.ts';
import { type DeliverableAlert, type DeliverTerms, deliver } from '../../src/alert/deliver.ts';

const dayMs = 86_400_000;
const alert: DeliverableAlert = {
  id: 'a-1',
  type: 'findings.changed',
  channel: 'siem',
  format: 'json',
  body: '{}',
  attempt: 1,
  sinceFirstMs: 0,
  tries: 1,
};

/** One attempt at a channel that answers so; the test states what differs. */
function attempt(
  delivery: Delivery,
  difference: Partial<DeliverableAlert> = {},
  terms: Partial<DeliverTerms> = {},
) {
  const siem: AlertChannel = { id: 'siem', format: 'json', deliver: async () => delivery };
  const signal = new AbortController().signal;
  const channels = new Map([['siem', siem]]);
  const log = { warn: vi.fn() };
  const usual = { channels, alerted: ['siem', 'mail'], signal, log, random: 0 };
  return deliver({ ...alert, ...difference }, { ...usual, ...terms });
}

test('a delivered alert is done, and no other channel is alerted', async () => {
  expect(await attempt({ kind: 'delivered' })).toEqual({
    delivery: { kind: 'delivered' },
    plan: { kind: 'done' },
    onFailure: [],
  });
});

test('an alert that some recipients refused is done, and the other channels are alerted', async () => {
  const { plan, onFailure } = await attempt({ kind: 'delivered', refused: '1 of 3 refused' });
  expect(plan).toEqual({ kind: 'done' });
  expect(onFailure).toMatchObject([{ channel: 'mail', data: { detail: '1 of 3 refused' } }]);
});

test('an alert that was given up or refused is logged, even without other channels', async () => {
  const heard = async (delivery: Delivery) => {
    const log = { warn: vi.fn() };
    await attempt(delivery, {}, { alerted: ['siem'], log });
    return log.warn.mock.calls.map(([fields]) => fields);
  };
  const about = { channel: 'siem', alert: 'a-1', type: 'findings.changed', attempts: 1 };
  const [refused, gone] = ['1 of 3 refused', 'answered 410'];
  expect(await heard({ kind: 'delivered', refused })).toEqual([{ ...about, detail: refused }]);
  expect(await heard({ kind: 'permanent', detail: gone })).toEqual([{ ...about, detail: gone }]);
  expect(await heard({ kind: 'passing', detail: 'answered 503' })).toEqual([]);
  expect(await heard({ kind: 'delivered' })).toEqual([]);
});

test('after a permanent failure the alert is given up at once, and the other channels are alerted', async () => {
  const { plan, onFailure } = await attempt({ kind: 'permanent', detail: 'answered 410' });
  expect(plan).toEqual({ kind: 'give-up' });
  expect(onFailure).toEqual([
    {
      type: 'channel.failed',
      channel: 'mail',
      part: 1,
      parts: 1,
      eventIds: [],
      data: {
        channel: 'siem',
        alert: { id: 'a-1', type: 'findings.changed' },
        attempts: 1,
        detail: 'answered 410',
      },
    },
  ]);
});

describe('a passing failure', () => {
  const passing: Delivery = { kind: 'passing', detail: 'answered 503' };

  test('is tried again, and no other channel is alerted', async () => {
    const { plan, onFailure } = await attempt(passing);
    expect(plan).toEqual({ kind: 'retry', delayMs: 1_000 });
    expect(onFailure).toEqual([]);
  });

  test('waits for as long as the receiver asks', async () => {
    const { plan } = await attempt({ ...passing, retryAfterMs: 90_000 });
    expect(plan).toEqual({ kind: 'retry', delayMs: 90_000 });
  });

  test('is given up after a day, and the other channels are alerted', async () => {
    const late = await attempt(passing, { attempt: 20, tries: 20, sinceFirstMs: dayMs - 1 });
    expect(late.plan).toMatchObject({ kind: 'retry' });
    const { plan, onFailure } = await attempt(passing, {
      attempt: 21,
      tries: 21,
      sinceFirstMs: dayMs,
    });
    expect(plan).toEqual({ kind: 'give-up' });
    expect(onFailure).toMatchObject([{ data: { attempts: 21 } }]);
  });
});

test('an alert to a channel that is not configured here is tried for a day', async () => {
  const { delivery, plan } = await attempt({ kind: 'delivered' }, { channel: 'gone' });
  expect(delivery).toMatchObject({ kind: 'passing' });
  expect(plan).toMatchObject({ kind: 'retry' });
});

test('an alert in the format of another channel type is given up, and not sent', async () => {
  const { delivery } = await attempt({ kind: 'delivered' }, { format: 'slack' });
  expect(delivery).toEqual({
    kind: 'permanent',
    detail: 'it was written for slack; the channel takes json now',
  });
});

test('all channels are alerted if an owner’s own address or a heartbeat fails', async () => {
  for (const channel of ['owner:ann', 'heartbeat:nightly']) {
    const { onFailure } = await attempt({ kind: 'delivered' }, { channel, sinceFirstMs: dayMs });
    expect(onFailure.map((told) => told.channel)).toEqual(['siem', 'mail']);
  }
});

test('the failure of a channel.failed alert causes no further alert', async () => {
  const permanent: Delivery = { kind: 'permanent', detail: 'answered 410' };
  const { onFailure } = await attempt(permanent, { type: 'channel.failed' });
  expect(onFailure).toEqual([]);
});
