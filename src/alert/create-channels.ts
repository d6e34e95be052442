import type { AlertSecrets, Heartbeats, OwnerConfig } from './alerts-config.ts';
import type { AlertChannel } from './channels/channel.ts';
import { createHeartbeat } from './channels/heartbeat.ts';
import {
  type ChannelConfig,
  type ChannelSecrets,
  type ChannelType,
  type ConfigOf,
  describeChannel,
  type SecretsOf,
} from './channels/index.ts';
import { type CreateChannel, type SendingTerms, senders } from './channels/senders.ts';
import { heartbeatId } from './destinations.ts';
import { withOwners } from './owner-channels.ts';

export interface ChannelsInput extends SendingTerms {
  readonly channels: readonly ChannelConfig[];
  readonly owners: ReadonlyMap<string, OwnerConfig>;
  readonly heartbeats: Heartbeats;
  readonly secrets: AlertSecrets;
}

/**
 * Creates the configured channels, owners' mail channels and heartbeats, by id. They keep no
 * connection open between deliveries.
 */
export function createChannels(input: ChannelsInput): ReadonlyMap<string, AlertChannel> {
  const { channels, owners, heartbeats: styles, secrets, ...terms } = input;
  const own = withOwners(channels, owners).map(({ config, secretsOf }) =>
    createChannel(config, secretsFor(config, secrets.channels.get(secretsOf)), terms),
  );
  const heartbeats = [...secrets.heartbeats].map(([schedule, url]) =>
    createHeartbeat({ ...terms, id: heartbeatId(schedule), url, style: styles.get(schedule) }),
  );
  return new Map([...own, ...heartbeats].map((channel) => [channel.id, channel]));
}

function createChannel<T extends ChannelType>(
  config: ConfigOf<T>,
  secrets: ChannelSecrets,
  terms: SendingTerms,
): AlertChannel {
  const create: CreateChannel<T> = senders[config.type];
  // The description that `SecretsOf` is derived from has checked them.
  return create({ ...terms, ...config, ...(secrets as SecretsOf<T>) });
}

function secretsFor({ id, type }: ChannelConfig, secrets: ChannelSecrets = {}): ChannelSecrets {
  const { address } = describeChannel(type);
  if (address !== null && secrets[address] === undefined)
    throw new Error(`channel ${id} has no URL`);
  return secrets;
}
