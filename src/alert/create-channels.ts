import type { Logger } from 'pino';
import type { ChannelConfig, Secrets } from '../config/config.ts';
import type { AlertChannel } from './channels/channel.ts';
import { createLogChannel } from './channels/log.ts';
import { createWebhookChannel } from './channels/webhook.ts';

export interface ChannelsInput {
  readonly channels: readonly ChannelConfig[];
  readonly secrets: Secrets['channels'];
  readonly allowPrivateNetworks: boolean;
  readonly log: Logger;
  readonly now: () => Date;
}

/** Makes the configured channels, by id. They hold nothing open between deliveries. */
export function createChannels(input: ChannelsInput): ReadonlyMap<string, AlertChannel> {
  return new Map(input.channels.map((config) => [config.id, createChannel(config, input)]));
}

function createChannel({ id, type }: ChannelConfig, input: ChannelsInput): AlertChannel {
  if (type === 'log') return createLogChannel(id, input.log);

  const address = input.secrets.get(id);
  if (address === undefined) throw new Error(`channel ${id} has no URL`);
  const { allowPrivateNetworks, now } = input;
  return createWebhookChannel({ id, ...address, allowPrivateNetworks, now });
}
