import type { Match } from '../evaluate/policy/match-schema.ts';
import type { Severity } from '../evaluate/policy/policy.ts';
import type { ChannelConfig, ChannelSecrets } from './channels/index.ts';

/** What keysweep.yaml says of alerts. */
export interface AlertsConfig {
  readonly channels: readonly ChannelConfig[];
  readonly routes: readonly RouteConfig[];
  readonly remindAfterMs: number | undefined;
  readonly anomaly: AnomalyConfig | undefined;
  readonly allowPrivateNetworks: boolean;
}

/** The parts of the configuration that say where alerts go. */
export interface AlertTargets {
  readonly alerts: Pick<AlertsConfig, 'channels' | 'routes'>;
  readonly owners: ReadonlyMap<string, OwnerConfig>;
  /** The schedules that have a heartbeat. */
  readonly heartbeats: readonly string[];
}

/** Whom alerts on an owner's keys go to, where a route says `owner`. One of the two is given. */
export interface OwnerConfig {
  readonly channels: readonly string[];
  /** Sent through the first channel of type email. */
  readonly email: string | undefined;
}

/** When a full sweep changes more keys than this share, 0 to 1, its messages are held. */
export interface AnomalyConfig {
  readonly changed: number;
  readonly atLeast: number;
}

/** As a rule's `match`, and a route may ask for severities too. Every part given must hold. */
export type RouteMatch = Match & { readonly severity?: readonly Severity[] | undefined };

export interface RouteConfig {
  readonly match: RouteMatch | undefined;
  readonly channels: readonly string[];
}

/** What must not leave the process. Never logged, never put in a job or a row. */
export interface AlertSecrets {
  readonly channels: ReadonlyMap<string, ChannelSecrets>;
  /** By schedule. */
  readonly heartbeats: ReadonlyMap<string, string>;
}
