import type { Match } from '../evaluate/policy/match-schema.ts';
import type { Severity } from '../evaluate/policy/policy.ts';
import type { ChannelConfig, ChannelSecrets } from './channels/index.ts';

/** The alert settings in keysweep.yaml. */
export interface AlertsConfig {
  readonly channels: readonly ChannelConfig[];
  readonly routes: readonly RouteConfig[];
  readonly remindAfterMs: number | undefined;
  readonly anomaly: AnomalyConfig | undefined;
  readonly allowPrivateNetworks: boolean;
}

/** The parts of the configuration that decide where alerts go. */
export interface AlertTargets {
  readonly alerts: Pick<AlertsConfig, 'channels' | 'routes'>;
  readonly owners: ReadonlyMap<string, OwnerConfig>;
  /** By schedule, if it has a heartbeat. */
  readonly heartbeats: Heartbeats;
  /** Links in alerts lead to its pages. */
  readonly http?: { readonly publicUrl?: string | undefined } | undefined;
  /** Whether there is a key that signs links in mails to reviewers. */
  readonly reviewLinks?: boolean | undefined;
}

/**
 * How a monitor is called. `healthchecks`: also with `/start` and `/fail` under its URL. `plain`: only
 * its URL, and only after success.
 */
export const heartbeatStyles = ['healthchecks', 'plain'] as const;
export type HeartbeatStyle = (typeof heartbeatStyles)[number];
export type Heartbeats = ReadonlyMap<string, HeartbeatStyle>;

/**
 * The targets for alerts about an owner's keys, if a route says `owner`. One of the two is given.
 */
export interface OwnerConfig {
  readonly channels: readonly string[];
  /** Sent through the first channel of type email. */
  readonly email: string | undefined;
}

/** If a full sweep changes a larger share of keys than this (0 to 1), its alerts are held. */
export interface AnomalyConfig {
  readonly changed: number;
  readonly atLeast: number;
}

/** Works like a rule's `match`, and may also name severities. Every given part must match. */
export type RouteMatch = Match & { readonly severity?: readonly Severity[] | undefined };

export interface RouteConfig {
  readonly match: RouteMatch | undefined;
  readonly channels: readonly string[];
}

/** Secret values that must stay in the process. They are never logged or put in a job or a row. */
export interface AlertSecrets {
  readonly channels: ReadonlyMap<string, ChannelSecrets>;
  /** By schedule. */
  readonly heartbeats: ReadonlyMap<string, string>;
}
