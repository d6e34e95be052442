import type { Coverage } from '../../keys/coverage.ts';
import type { Destinations } from '../destinations.ts';
import type {
  AlertSweep,
  AlertUnknown,
  ChannelFailed,
  Message,
  PlannedAlert,
  SweepAnomaly,
  SweepMissed,
  SweepRecovered,
} from '../message.ts';
import { keepsIncidents } from '../render/index.ts';

export const mostUnknownsAMessage = 100;

/** A message on a changed file that is not used. */
export type RejectedFiles = Extract<
  Message,
  { readonly type: 'config.rejected' | 'inventory.held' }
>;

export interface IncompleteInput {
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  /** Whether the set of unknown keys differs from that of the sweep before. */
  readonly changed: boolean;
  /** The unknown keys. The first 100 are enough, because `coverage.unknown` has the count. */
  readonly unknowns: readonly AlertUnknown[];
  readonly channels: readonly string[];
}

/**
 * `sweep.incomplete` for every channel when the set of unknown keys changed. This includes the
 * change to an empty set: the receiver then reads a coverage without unknowns.
 */
export function planIncomplete(input: IncompleteInput): readonly PlannedAlert[] {
  if (!input.changed) return [];
  const { sweep, coverage, channels } = input;
  const unknowns = input.unknowns.slice(0, mostUnknownsAMessage);
  const omitted = Math.max(0, coverage.unknown - unknowns.length);
  return toEach(channels, {
    type: 'sweep.incomplete',
    data: { sweep, coverage, unknowns, omitted },
  });
}

/** `sweep.missed` for every channel: one message with the count of the missed ticks. */
export function planMissed(
  missed: SweepMissed,
  channels: readonly string[],
): readonly PlannedAlert[] {
  return missed.count === 0 ? [] : toEach(channels, { type: 'sweep.missed', data: missed });
}

/** `config.rejected` or `inventory.held` for every channel. */
export function planRejected(
  rejected: RejectedFiles,
  channels: readonly string[],
): readonly PlannedAlert[] {
  return toEach(channels, rejected);
}

/** `sweep.anomaly` for every channel: the changes of the sweep are held. */
export function planAnomalyNotice(
  said: Omit<SweepAnomaly, 'release'>,
  channels: readonly string[],
): readonly PlannedAlert[] {
  const release = `keysweep alerts release ${said.sweep.id}`;
  return toEach(channels, { type: 'sweep.anomaly', data: { ...said, release } });
}

/**
 * `sweep.recovered`: for every channel when the held changes went back. Otherwise only for channels
 * that keep incidents, because nothing else would end the incident of the anomaly.
 */
export function planRecovered(
  said: SweepRecovered,
  { channels, formats }: Pick<Destinations, 'channels' | 'formats'>,
): readonly PlannedAlert[] {
  const receivers =
    said.how === 'withdrawn'
      ? channels
      : channels.filter((channel) => keepsIncidents(formats.get(channel) ?? ''));
  return toEach(receivers, { type: 'sweep.recovered', data: said });
}

/**
 * `channel.failed` for the other channels. The failure of such a message causes no further one:
 * otherwise two dead channels would alert each other for ever.
 */
export function planChannelFailed(
  failed: ChannelFailed,
  channels: readonly string[],
): readonly PlannedAlert[] {
  if (failed.alert.type === 'channel.failed') return [];
  const others = channels.filter((channel) => channel !== failed.channel);
  return toEach(others, { type: 'channel.failed', data: failed });
}

const alone = { part: 1, parts: 1, eventIds: [] } as const;

function toEach(channels: readonly string[], message: Message): readonly PlannedAlert[] {
  return channels.map((channel) => ({ ...message, ...alone, channel }));
}
