import type { AlertTargets, ChannelConfig, ChannelType } from './alerts-config.ts';
import { heartbeatId, mailOfOwner } from './destinations.ts';

/** How fast a channel may be written to, by all workers together. */
export interface Pace {
  /** So many alerts at most are on their way at once. */
  readonly inFlight: number;
  /** So long, on average, from one to the next; 0: as fast as it takes them. */
  readonly spacingMs: number;
}

/**
 * Receivers that know a message by its id may get many at once. Where there is no such id, one at a
 * time: who dies between sending and writing it down has sent one message that will be repeated.
 * Slack allows about a message a second, Teams four; PagerDuty's limits are not published.
 */
const paces: Readonly<Record<ChannelType, Pace>> = {
  webhook: { inFlight: 20, spacingMs: 0 },
  log: { inFlight: 20, spacingMs: 0 },
  pagerduty: { inFlight: 10, spacingMs: 100 },
  slack: { inFlight: 1, spacingMs: 1_000 },
  teams: { inFlight: 1, spacingMs: 1_000 },
  email: { inFlight: 1, spacingMs: 100 },
};

const heartbeat: Pace = { inFlight: 1, spacingMs: 0 };
/** Of a channel that this process does not know. */
export const unknownPace: Pace = { inFlight: 1, spacingMs: 0 };

/** The pace of every channel, by id. */
export function pacesOf(config: AlertTargets): ReadonlyMap<string, Pace> {
  return new Map([
    ...config.alerts.channels.map((channel) => [channel.id, paceOf(channel)] as const),
    ...[...config.owners.keys()].map((owner) => [mailOfOwner(owner), paces.email] as const),
    ...config.heartbeats.map((schedule) => [heartbeatId(schedule), heartbeat] as const),
  ]);
}

/** Besides those that are sending, for jobs that only look. */
const placesToLook = 20;

/**
 * How many jobs of alerts may run at once in a process: as many as can be sending, for each has at
 * least one alert on its way. So channels that hang, however many, delay no other.
 */
export function placesOf(all: ReadonlyMap<string, Pace>): number {
  return [...all.values()].reduce((sum, { inFlight }) => sum + inFlight, placesToLook);
}

function paceOf({ type, rateLimit }: ChannelConfig): Pace {
  const usual = paces[type];
  if (rateLimit === undefined) return usual;
  return { ...usual, spacingMs: rateLimit.perMs / rateLimit.requests };
}
