import type { AlertTargets } from './alerts-config.ts';
import type { ChannelPace } from './channels/description.ts';
import { type ChannelConfig, describeChannel } from './channels/index.ts';
import { heartbeatId } from './destinations.ts';
import { withOwners } from './owner-channels.ts';

const heartbeat: ChannelPace = { inFlight: 1, spacingMs: 0 };
/** For a channel that this process does not know. */
export const unknownPace: ChannelPace = { inFlight: 1, spacingMs: 0 };

/** The pace of every channel, by id. */
export function pacesOf({
  alerts,
  owners,
  heartbeats,
}: AlertTargets): ReadonlyMap<string, ChannelPace> {
  return new Map([
    ...withOwners(alerts.channels, owners).map(
      ({ config }) => [config.id, paceOf(config)] as const,
    ),
    ...[...heartbeats.keys()].map((schedule) => [heartbeatId(schedule), heartbeat] as const),
  ]);
}

/** Extra places for jobs that only check for work. */
const placesToLook = 20;

/**
 * How many alert jobs may run at once in a process: as many as can be sending, because each has at
 * least one alert in flight. Channels that hang therefore delay no others.
 */
export function placesOf(all: ReadonlyMap<string, ChannelPace>): number {
  return [...all.values()].reduce((sum, { inFlight }) => sum + inFlight, placesToLook);
}

function paceOf({ type, rateLimit }: ChannelConfig): ChannelPace {
  const usual = describeChannel(type).pace;
  if (rateLimit === undefined) return usual;
  return { ...usual, spacingMs: rateLimit.perMs / rateLimit.requests };
}
