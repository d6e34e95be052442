import { expect, test } from 'vitest';
import type { OwnerConfig } from '../../src/alert/alerts-config.ts';
import { pacesOf, placesOf, unknownPace } from '../../src/alert/channel-pace.ts';
import type { ChannelConfig, ChannelType } from '../../src/alert/channels/index.ts';
import { destinationsOf } from '../../src/alert/destinations.ts';
import type { Config } from '../../src/config/config.ts';

const aChannel = (type: ChannelType, id: string = type): ChannelConfig =>
  type === 'email' ? { id, type, from: 'k@x.y', to: ['a@x.y'] } : { id, type };
const types = ['webhook', 'slack', 'pagerduty', 'email', 'teams', 'log'] as const;

/** The parts of a configuration that say where alerts go. */
function aConfig(
  channels: readonly ChannelConfig[],
  owners: Readonly<Record<string, OwnerConfig>> = {},
  heartbeats: readonly string[] = [],
): Pick<Config, 'alerts' | 'owners' | 'heartbeats'> {
  const alerts = { routes: [], remindAfterMs: undefined, anomaly: undefined };
  return {
    alerts: { channels, allowPrivateNetworks: false, ...alerts },
    owners: new Map(Object.entries(owners)),
    heartbeats: new Map(heartbeats.map((schedule) => [schedule, 'healthchecks'])),
  };
}

test('each type of channel has its format', () => {
  const { channels, formats } = destinationsOf(aConfig(types.map((type) => aChannel(type))));
  expect(channels).toEqual([...types]);
  expect([...formats]).toEqual([
    ['webhook', 'json'],
    ['slack', 'slack'],
    ['pagerduty', 'pagerduty'],
    ['email', 'email'],
    ['teams', 'teams'],
    ['log', 'json'],
  ]);
});

test('links lead to the public address of the pages, where they have one', () => {
  const publicUrl = 'https://keysweep.example';
  const config = aConfig([aChannel('slack')]);
  expect(destinationsOf({ ...config, http: { publicUrl } }).publicUrl).toBe(publicUrl);
  expect(destinationsOf(config).publicUrl).toBeUndefined();
});

test('an owner stands for their channels and, last, for their own address', () => {
  const { channels, owners, formats } = destinationsOf(
    aConfig([aChannel('slack', 'a'), aChannel('email', 'mail')], {
      ann: { channels: ['a'], email: 'ann@x.y' },
      bob: { channels: [], email: 'bob@x.y' },
      cid: { channels: ['mail', 'a'], email: undefined },
    }),
  );
  expect([...owners]).toEqual([
    ['ann', ['a', 'owner:ann']],
    ['bob', ['owner:bob']],
    ['cid', ['mail', 'a']],
  ]);
  expect(formats.get('owner:ann')).toBe('email');
  expect(formats.has('owner:cid')).toBe(false);
  // What is for everybody is not sent to each owner.
  expect(channels).toEqual(['a', 'mail']);
});

test('the ids of heartbeats and owners’ addresses differ from all ids of channels', () => {
  const config = aConfig([aChannel('email', 'owner.ann'), aChannel('log', 'heartbeat')], {
    ann: { channels: [], email: 'ann@x.y' },
  });
  expect([...destinationsOf(config).formats.keys()]).toEqual([
    'owner.ann',
    'heartbeat',
    'owner:ann',
  ]);
});

test('channels whose receivers cannot drop repeats get one message at a time', () => {
  const paces = pacesOf(
    aConfig(
      types.map((type) => aChannel(type)),
      { ann: { channels: [], email: 'a@x.y' } },
      ['nightly'],
    ),
  );
  const serial = [...paces].filter(([, { inFlight }]) => inFlight === 1).map(([id]) => id);
  expect(serial).toEqual(['slack', 'email', 'teams', 'owner:ann', 'heartbeat:nightly']);
  expect(unknownPace.inFlight).toBe(1);
});

test('a configured rate sets the time between messages, not how many are in flight', () => {
  const slack: ChannelConfig = {
    id: 'a',
    type: 'slack',
    rateLimit: { requests: 4, perMs: 60_000 },
  };
  const usual = pacesOf(aConfig([aChannel('slack', 'a')])).get('a');
  expect(usual?.spacingMs).toBe(1_000);
  expect(pacesOf(aConfig([slack])).get('a')).toEqual({ ...usual, spacingMs: 15_000 });
});

test('there are workers for all messages that can be in flight, and some more', () => {
  const config = aConfig([aChannel('webhook', 'a'), aChannel('webhook', 'b'), aChannel('slack')]);
  expect(placesOf(pacesOf(config))).toBe(20 + 20 + 20 + 1);
  expect(placesOf(new Map())).toBe(20);
});
