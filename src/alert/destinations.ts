import type { AlertTargets, ChannelType, RouteConfig } from './alerts-config.ts';
import type { FormatName } from './render/index.ts';

/** Where alerts may go. */
export interface Destinations {
  /** The ids of the channels, in the order of the configuration. */
  readonly channels: readonly string[];
  readonly routes: readonly RouteConfig[];
  /** By owner: the channels that a route's `owner` stands for. */
  readonly owners: ReadonlyMap<string, readonly string[]>;
  /** By channel: how it is written to. Channels of owners' own addresses are among them. */
  readonly formats: ReadonlyMap<string, FormatName>;
}

/** The channel of an owner's own address. No configured channel can be named so. */
export function mailOfOwner(owner: string): string {
  return `owner:${owner}`;
}

const heartbeatPrefix = 'heartbeat:';

/** What calls the heartbeat of a schedule, as the outbox names it. */
export function heartbeatId(schedule: string): string {
  return `${heartbeatPrefix}${schedule}`;
}

/** Whether a row of the outbox for this channel is a heartbeat's. */
export function isHeartbeat(channel: string): boolean {
  return channel.startsWith(heartbeatPrefix);
}

const formatOf: Readonly<Record<ChannelType, FormatName>> = {
  webhook: 'json',
  log: 'json',
  slack: 'slack',
  pagerduty: 'pagerduty',
  email: 'email',
  teams: 'teams',
};

export function destinationsOf({
  alerts,
  owners,
}: Pick<AlertTargets, 'alerts' | 'owners'>): Destinations {
  const mails = [...owners].flatMap(([owner, { email }]) =>
    email === undefined ? [] : [[mailOfOwner(owner), 'email'] as const],
  );
  return {
    channels: alerts.channels.map(({ id }) => id),
    routes: alerts.routes,
    owners: new Map(
      [...owners].map(([owner, { channels, email }]) => [
        owner,
        email === undefined ? channels : [...channels, mailOfOwner(owner)],
      ]),
    ),
    formats: new Map([
      ...alerts.channels.map(({ id, type }) => [id, formatOf[type]] as const),
      ...mails,
    ]),
  };
}
