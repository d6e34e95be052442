import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { ChannelConfig } from '../../src/alert/channels/index.ts';
import { type ChannelsInput, createChannels } from '../../src/alert/create-channels.ts';
import { destinationsOf } from '../../src/alert/destinations.ts';
import { json } from '../../src/alert/render/json.ts';
import type { Config } from '../../src/config/config.ts';
import { aCoverage, aMissed, anEvent, aSweep } from './a-finding.ts';
import { aDestination } from './an-alerting.ts';
import { planAll } from './plan/plan-all.ts';

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
    heartbeats: new Map(),
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

describe('every type of channel', () => {
  const mail = (id: string) =>
    ({ id, type: 'email', from: 'k@x.y', to: ['a@x.y'] }) as const satisfies ChannelConfig;
  const create = (difference: Partial<ChannelsInput>) =>
    createChannels({
      channels: [],
      owners: new Map(),
      heartbeats: new Map(),
      secrets: { channels: new Map(), heartbeats: new Map() },
      allowPrivateNetworks: false,
      log: pino({ level: 'silent' }),
      now,
      ...difference,
    });
  const secretsOf = (...ids: string[]) => ({
    channels: new Map(
      ids.map((id) => [id, { url: `https://${id}.example`, smtp: `smtp://${id}.example` }]),
    ),
    heartbeats: new Map<string, string>(),
  });

  test('accepts a body in its own format', () => {
    const types = ['webhook', 'slack', 'pagerduty', 'teams', 'log'] as const;
    const channels = [...types.map((type) => ({ id: type, type })), mail('email')];
    const made = create({ channels, secrets: secretsOf(...channels.map(({ id }) => id)) });
    const { formats } = destinationsOf({
      alerts: { channels, routes: [] } as unknown as Config['alerts'],
      owners: new Map(),
    });
    expect(new Map([...made].map(([id, { format }]) => [id, format]))).toEqual(formats);
  });

  test('each owner’s own address is a channel, if there is a channel of type email', () => {
    const owners = new Map([
      ['ann', { channels: [], email: 'ann@x.y' }],
      ['bob', { channels: ['first'], email: undefined }],
    ]);
    const made = create({
      channels: [mail('first'), mail('second')],
      owners,
      secrets: secretsOf('first', 'second'),
    });
    expect([...made.keys()]).toEqual(['first', 'second', 'owner:ann']);
    expect(made.get('owner:ann')).toMatchObject({ id: 'owner:ann', format: 'email' });
    expect([...create({ owners }).keys()]).toEqual([]);
  });

  test('each heartbeat is a channel, under its schedule', () => {
    const heartbeats = new Map([['nightly', 'https://hc.example/x']]);
    const made = create({ secrets: { channels: new Map(), heartbeats } });
    expect([...made.values()]).toMatchObject([{ id: 'heartbeat:nightly', format: 'heartbeat' }]);
  });

  test('a channel without an address is an error that shows no address', () => {
    expect(() => create({ channels: [mail('mail')] })).toThrow('channel mail has no URL');
  });
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
    const terms = { sweep: aSweep, coverage: aCoverage, at: now() };
    const [planned] = planAll({ ...terms, destinations: aDestination(['console']) }, [
      anEvent('opened', 1),
      anEvent('resolved', 2, { finding: { status: 'resolved' } }),
    ]).alerts;
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

  test('writes the data of other alerts', async () => {
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
  ])('refuses the body %s permanently', async (body, type) => {
    const { delivery, lines } = await deliver(body, type);
    expect(delivery).toMatchObject({ kind: 'permanent' });
    expect(lines).toEqual([]);
  });
});
