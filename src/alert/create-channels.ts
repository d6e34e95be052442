import type { Logger } from 'pino';
import type { AlertSecrets, ChannelConfig, ChannelSecrets, OwnerConfig } from './alerts-config.ts';
import type { AlertChannel } from './channels/channel.ts';
import { createEmailChannel } from './channels/email/send.ts';
import { createHeartbeat } from './channels/heartbeat.ts';
import { createLogChannel } from './channels/log/send.ts';
import { createPagerdutyChannel } from './channels/pagerduty/send.ts';
import { createSlackChannel } from './channels/slack/send.ts';
import { createTeamsChannel } from './channels/teams/send.ts';
import { createWebhookChannel } from './channels/webhook/send.ts';
import { heartbeatId, mailOfOwner } from './destinations.ts';

export interface ChannelsInput {
  readonly channels: readonly ChannelConfig[];
  readonly owners: ReadonlyMap<string, OwnerConfig>;
  readonly secrets: AlertSecrets;
  readonly allowPrivateNetworks: boolean;
  readonly log: Logger;
  readonly now: () => Date;
}

/**
 * Makes the configured channels, by id, with those of owners' own addresses and the heartbeats. They
 * hold nothing open between deliveries.
 */
export function createChannels(input: ChannelsInput): ReadonlyMap<string, AlertChannel> {
  const configured = input.channels.map((config) => createChannel(config, input));
  const { allowPrivateNetworks, now } = input;
  const heartbeats = [...input.secrets.heartbeats].map(([schedule, url]) =>
    createHeartbeat({ id: heartbeatId(schedule), url, allowPrivateNetworks, now }),
  );
  const all = [...configured, ...createOwners(input), ...heartbeats];
  return new Map(all.map((channel) => [channel.id, channel]));
}

function createChannel(config: ChannelConfig, input: ChannelsInput): AlertChannel {
  const { id } = config;
  if (config.type === 'log') return createLogChannel(id, input.log);

  const address = addressOf(id, input);
  const { allowPrivateNetworks, now } = input;
  const options = { id, url: address.url, allowPrivateNetworks, now };
  switch (config.type) {
    case 'webhook':
      return createWebhookChannel({ ...options, secret: address.secret });
    case 'slack':
      return createSlackChannel(options);
    case 'pagerduty':
      return createPagerdutyChannel({ ...options, routingKey: address.routingKey ?? '' });
    case 'email':
      return createEmailChannel({ ...options, from: config.from, to: config.to });
    case 'teams':
      return createTeamsChannel(options);
    default:
      return config.type satisfies never;
  }
}

/** Owners' own addresses are written to through the first mail channel. */
function createOwners(input: ChannelsInput): readonly AlertChannel[] {
  const mail = input.channels.find((channel) => channel.type === 'email');
  if (mail === undefined) return [];
  const { url } = addressOf(mail.id, input);
  const { allowPrivateNetworks, now } = input;
  return [...input.owners].flatMap(([owner, { email }]) => {
    if (email === undefined) return [];
    const id = mailOfOwner(owner);
    return [
      createEmailChannel({ id, url, allowPrivateNetworks, now, from: mail.from, to: [email] }),
    ];
  });
}

function addressOf(id: string, { secrets }: ChannelsInput): ChannelSecrets {
  const address = secrets.channels.get(id);
  if (address === undefined) throw new Error(`channel ${id} has no URL`);
  return address;
}
