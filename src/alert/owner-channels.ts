import type { OwnerConfig } from './alerts-config.ts';
import { type ChannelConfig, describeChannel } from './channels/index.ts';

/** A channel that alerts may go to. */
export interface TargetChannel {
  readonly config: ChannelConfig;
  /** The id of the configured channel whose secrets it uses. */
  readonly secretsOf: string;
}

/** The channel of an owner's own address. No configured channel can be named so. */
export function mailOfOwner(owner: string): string {
  return `owner:${owner}`;
}

/**
 * The configured channels, then one for each owner's own address. Owners are written to through the
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
