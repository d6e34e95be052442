import type { OwnerConfig } from './alerts-config.ts';
import { type ChannelConfig, describeChannel } from './channels/index.ts';

/** A channel that alerts may go to. */
export interface TargetChannel {
  readonly config: ChannelConfig;
  /** The id of the configured channel whose secrets it uses. */
  readonly secretsOf: string;
}

const ownerPrefix = 'owner:';

/** The id of an owner's mail channel. Configured channels cannot have such an id. */
export function mailOfOwner(owner: string): string {
  return `${ownerPrefix}${owner}`;
}

/** Whether a channel id in the outbox is that of an owner's mail channel. */
export function isMailOfOwner(channel: string): boolean {
  return channel.startsWith(ownerPrefix);
}

/**
 * The configured channels, then one mail channel for each owner with an address. These use the
 * first channel whose type can write to a person, at the usual pace of that type.
 */
export function withOwners(
  channels: readonly ChannelConfig[],
  owners: ReadonlyMap<string, OwnerConfig>,
): readonly TargetChannel[] {
  const configured = channels.map((config) => ({ config, secretsOf: config.id }));
  const writer = channels.find(({ type }) => describeChannel(type).forOwner !== undefined);
  if (writer === undefined) return configured;
  const { forOwner } = describeChannel(writer.type);
  const own = [...owners].flatMap(([owner, { email }]) => {
    if (email === undefined) return [];
    const id = mailOfOwner(owner);
    const config = { ...writer, id, rateLimit: undefined, ...forOwner?.(email) };
    return [{ config, secretsOf: writer.id }];
  });
  return [...configured, ...own];
}
