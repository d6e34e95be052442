import type { AlertTargets, RouteConfig } from './alerts-config.ts';
import { describeChannel } from './channels/index.ts';
import { mailOfOwner, withOwners } from './owner-channels.ts';
import type { FormatName } from './render/index.ts';

/** Where alerts may go. */
export interface Destinations {
  /** The ids of the channels, in the order of the configuration. */
  readonly channels: readonly string[];
  readonly routes: readonly RouteConfig[];
  /** By owner: the channels that a route's `owner` stands for. */
  readonly owners: ReadonlyMap<string, readonly string[]>;
  /** The format of each channel, including owners' mail channels. */
  readonly formats: ReadonlyMap<string, FormatName>;
  /** Links lead to its pages; undefined: alerts have none. */
  readonly publicUrl?: string | undefined;
  /** Whether mails to reviewers hold links that need no sign-in. */
  readonly reviewLinks?: boolean | undefined;
  /** The longest checkpoint that messages may hold; undefined: the evidence log is not signed. */
  readonly longestCheckpoint?: string | undefined;
}

const heartbeatPrefix = 'heartbeat:';

/** The id under which the outbox keeps a schedule's heartbeat. */
export function heartbeatId(schedule: string): string {
  return `${heartbeatPrefix}${schedule}`;
}

/** Whether a channel id in the outbox is a heartbeat's. */
export function isHeartbeat(channel: string): boolean {
  return channel.startsWith(heartbeatPrefix);
}

export function destinationsOf({
  alerts,
  owners,
  http,
  reviewLinks,
}: Pick<AlertTargets, 'alerts' | 'owners' | 'http' | 'reviewLinks'>): Destinations {
  return {
    channels: alerts.channels.map(({ id }) => id),
    routes: alerts.routes,
    publicUrl: http?.publicUrl,
    reviewLinks,
    owners: new Map(
      [...owners].map(([owner, { channels, email }]) => [
        owner,
        email === undefined ? channels : [...channels, mailOfOwner(owner)],
      ]),
    ),
    formats: new Map(
      withOwners(alerts.channels, owners).map(({ config: { id, type } }) => [
        id,
        describeChannel(type).format,
      ]),
    ),
  };
}
