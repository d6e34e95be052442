import { heartbeatId } from '../../alert/destinations.ts';
import { isMailOfOwner } from '../../alert/owner-channels.ts';
import type { Config } from '../../config/config.ts';
import { boundBy } from './plan-samples.ts';

/** The names that labels may have: those of the configuration in use. */
export interface LabelNames {
  readonly sources: readonly string[];
  readonly schedules: readonly string[];
  /** The configured channels, and one of heartbeats for each schedule that has one. */
  readonly channels: readonly string[];
  /** By rule, its severity. */
  readonly rules: ReadonlyMap<string, string>;
  /** The label of a channel of the outbox. */
  channelOf(channel: string): string;
}

/** What stands for the mail channels of owners, of which there may be hundreds. */
const owners = '(owners)';

export function labelNamesOf(config: Config): LabelNames {
  const heartbeats = [...config.heartbeats.keys()].map(heartbeatId);
  const channels = [...config.alerts.channels.map(({ id }) => id), ...heartbeats];
  const known = boundBy(channels);
  return {
    sources: config.sources.map(({ id }) => id),
    schedules: config.schedules.map(({ id }) => id),
    channels,
    rules: new Map(config.policy.policy.rules.map(({ id, severity }) => [id, severity])),
    channelOf: (channel) => (isMailOfOwner(channel) ? owners : known(channel)),
  };
}
