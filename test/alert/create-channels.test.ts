import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { createChannels } from '../../src/alert/create-channels.ts';
import { planAlerts } from '../../src/alert/plan-alerts.ts';
import { json } from '../../src/alert/render/json.ts';
import { aCoverage, aMissed, anEvent, aSweep } from './a-finding.ts';
import { aDestination } from './an-alerting.ts';

const missed = { type: 'sweep.missed', data: aMissed } as const;
const never = new AbortController().signal;
const now = () => new Date('2026-11-23T02:31:00Z');

function channelsWith(level: string) {
  const lines: string[] = [];
  const log = pino({ level }, { write: (line: string) => void lines.push(line) });
  const channels = createChannels({
    channels: [
      { id: 'console', type: 'log' },
      { id: 'siem', type: 'webhook' },
    ],
    owners: new Map(),
    secrets: {
      channels: new Map([['siem', { url: 'https://hooks.example/x' }]]),
      heartbeats: new Map(),
    },
    allowPrivateNetworks: false,
    log,
    now,
  });
  return { channels, lines };
}

test('makes each configured channel under its id', () => {
  const { channels } = channelsWith('info');
  expect([...channels].map(([key, { id }]) => [key, id])).toEqual([
    ['console', 'console'],
    ['siem', 'siem'],
  ]);
});

describe('the log channel', () => {
  const deliver = async (body: string, type: string, level = 'info') => {
    const { channels, lines } = channelsWith(level);
    const delivery = await channels
      .get('console')
      ?.deliver({ id: 'a-1', type, body, attempt: 1 }, never);
    return { delivery, lines: lines.map((line) => JSON.parse(line)) };
  };

  test('writes one line that says what changed, without the names of keys', async () => {
    const [planned] = planAlerts({
      sweep: aSweep,
      coverage: aCoverage,
      events: [anEvent('opened', 1), anEvent('resolved', 2, { finding: { status: 'resolved' } })],
      destinations: aDestination(['console']),
      at: now(),
    }).alerts;
    if (planned === undefined) throw new Error('nothing was planned');
    const { delivery, lines } = await deliver(json.render(planned, now()).body, planned.type);
    expect(delivery).toEqual({ kind: 'delivered' });
    expect(lines).toHaveLength(1);
    const shared = { rule: 'stale-45', severity: 'high', source: 'flexcharge-prod' };
    expect(lines[0]).toMatchObject({
      msg: 'alert',
      channel: 'console',
      alert: 'a-1',
      type: 'findings.changed',
      sweep: aSweep,
      coverage: aCoverage,
      opened: 1,
      reopened: 0,
      resolved: 1,
      findings: [
        { told: 'opened', ...shared, keyId: 'key_1', status: 'open' },
        { told: 'resolved', ...shared, keyId: 'key_2', status: 'resolved' },
      ],
    });
    expect(JSON.stringify(lines)).not.toContain('checkout');
  });

  test('writes what other alerts say', async () => {
    const { lines } = await deliver(json.render(missed, now()).body, missed.type);
    expect(lines[0]).toMatchObject({ type: 'sweep.missed', data: aMissed });
  });

  test.each(['error', 'silent'])('writes when the rest of the log is at %s', async (level) => {
    const { lines } = await deliver(json.render(missed, now()).body, missed.type, level);
    expect(lines).toHaveLength(1);
  });

  test.each([
    ['nonsense', 'sweep.missed'],
    ['{"data":{}}', 'findings.changed'],
    ['[]', 'sweep.missed'],
  ])('refuses the body %s for good', async (body, type) => {
    const { delivery, lines } = await deliver(body, type);
    expect(delivery).toMatchObject({ kind: 'permanent' });
    expect(lines).toEqual([]);
  });
});
