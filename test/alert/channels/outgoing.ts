import { pino } from 'pino';
import type {
  AlertChannel,
  ChannelOptions,
  OutgoingAlert,
} from '../../../src/alert/channels/channel.ts';
import { createHeartbeat } from '../../../src/alert/channels/heartbeat.ts';
import { createPagerdutyChannel } from '../../../src/alert/channels/pagerduty/send.ts';
import { createSlackChannel } from '../../../src/alert/channels/slack/send.ts';
import { createTeamsChannel } from '../../../src/alert/channels/teams/send.ts';
import { createWebhookChannel } from '../../../src/alert/channels/webhook/send.ts';
import { createChannels } from '../../../src/alert/create-channels.ts';
import { type AlertFormat, formats } from '../../../src/alert/render/index.ts';
import { aMissed } from '../a-finding.ts';

const now = () => new Date('2026-11-23T02:31:00Z');
const types = ['webhook', 'slack', 'pagerduty', 'teams'] as const;

/** What a channel's URL and whatever lets it in are. */
export interface Address {
  readonly url: string;
  readonly routingKey?: string;
  readonly secret?: string;
}

/** Every channel that goes out over HTTP, made as the service makes them. */
export function configuredChannels(
  { url, routingKey = 'r'.repeat(32), secret }: Address,
  allowPrivateNetworks: boolean,
): readonly AlertChannel[] {
  const made = createChannels({
    channels: types.map((type) => ({ id: type, type })),
    owners: new Map(),
    heartbeats: new Map(),
    secrets: {
      channels: new Map(types.map((type) => [type, { url, routingKey, secret }])),
      heartbeats: new Map([['nightly', url]]),
    },
    allowPrivateNetworks,
    log: pino({ level: 'silent' }),
    now,
  });
  return [...made.values()];
}

/** The same, each made by itself, for what the service never sets: a resolver, a short time. */
export function channelsWith(
  { url, routingKey = 'r'.repeat(32), secret }: Address,
  difference: Partial<ChannelOptions>,
): readonly AlertChannel[] {
  const options = { id: 'channel', url, allowPrivateNetworks: false, now, ...difference };
  return [
    createWebhookChannel({ ...options, id: 'webhook', secret }),
    createSlackChannel({ ...options, id: 'slack' }),
    createPagerdutyChannel({ ...options, id: 'pagerduty', routingKey }),
    createTeamsChannel({ ...options, id: 'teams' }),
    createHeartbeat({ ...options, id: 'heartbeat:nightly', log: pino({ level: 'silent' }) }),
  ];
}

/** An alert in the format of its channel. */
export function alertFor(format: AlertFormat): OutgoingAlert {
  if (format === 'heartbeat') return { id: 'a-1', type: 'heartbeat', body: 'start', attempt: 1 };
  const message = { type: 'sweep.missed', data: aMissed } as const;
  const { body } = formats[format].render(message, now());
  return { id: 'a-1', type: message.type, body, attempt: 1 };
}
