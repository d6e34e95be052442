import type { Match } from '../evaluate/policy/match-schema.ts';
import type { Policy, Severity } from '../evaluate/policy/policy.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import type { RateLimit } from '../options/rate-limit.ts';

/** Where records live. The URL of a server is a secret and stands in `Secrets`. */
export type StoreConfig =
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'postgres' };

/** Where jobs live. `store`: in the database of the records. Addresses of Redis are secrets. */
export type QueueConfig =
  | { readonly kind: 'store' }
  | { readonly kind: 'redis'; readonly prefix: string }
  | {
      readonly kind: 'sentinel';
      readonly prefix: string;
      readonly name: string;
      readonly hosts: readonly HostPort[];
      readonly username: string | undefined;
      /** TLS to the servers and to the sentinels. */
      readonly tls: boolean;
    }
  | {
      readonly kind: 'cluster';
      /** In braces. */
      readonly prefix: string;
      readonly nodes: readonly HostPort[];
      readonly username: string | undefined;
      readonly tls: boolean;
    };

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** One vendor account and environment. `baseUrl` ends without a slash; times in milliseconds. */
export interface SourceConfig {
  readonly id: string;
  readonly type: 'flexcharge';
  readonly baseUrl: string;
  readonly rateLimit: RateLimit;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly attempts: number;
  readonly usageLagMs: number;
}

export interface ScheduleConfig {
  readonly id: string;
  readonly cron: string;
  readonly timezone: string;
  readonly catchUpMs: number;
  readonly overlap: 'skip' | 'queue';
  readonly deadlineMs: number;
}

interface AnyChannel {
  readonly id: string;
  /** Across all workers; the usual one of its type unless given. */
  readonly rateLimit?: RateLimit | undefined;
}

/** A channel's address and what it is let in with stand in `Secrets`. */
export type ChannelConfig =
  | (AnyChannel & { readonly type: 'webhook' | 'slack' | 'pagerduty' | 'teams' | 'log' })
  | (AnyChannel & {
      readonly type: 'email';
      readonly from: string;
      readonly to: readonly string[];
    });
export type ChannelType = ChannelConfig['type'];

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

/** The checked configuration, frozen; no secret in it. Paths are absolute. */
export interface Config {
  readonly file: string;
  readonly store: StoreConfig;
  readonly queue: QueueConfig;
  readonly sources: readonly SourceConfig[];
  readonly inventory: readonly TrackedKey[];
  /** Files of the inventory that hold no keys, as the configuration names them. */
  readonly emptyInventoryFiles: readonly string[];
  readonly policy: PolicyDocument;
  readonly schedules: readonly ScheduleConfig[];
  readonly alerts: {
    readonly channels: readonly ChannelConfig[];
    readonly routes: readonly RouteConfig[];
    readonly remindAfterMs: number | undefined;
    readonly anomaly: AnomalyConfig | undefined;
    readonly allowPrivateNetworks: boolean;
  };
  /** The schedules that have a heartbeat; where it is called stands in `Secrets`. */
  readonly heartbeats: readonly string[];
  readonly owners: ReadonlyMap<string, OwnerConfig>;
  readonly http: { readonly host: string; readonly port: number } | undefined;
  readonly retentionMs: number;
  readonly logLevel: LogLevel;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** A policy as written, the hash of its text (`sha256:` and 64 hex digits) and what it says. */
export interface PolicyDocument {
  readonly text: string;
  readonly hash: string;
  readonly policy: Policy;
}

/** What must not leave the process. Never logged, never put in a job or a row. */
export interface Secrets {
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly redisPassword: string | undefined;
  readonly sentinelPassword: string | undefined;
  readonly sources: ReadonlyMap<string, { readonly appKey: string; readonly appSecret: string }>;
  readonly channels: ReadonlyMap<string, ChannelSecrets>;
  /** By schedule. */
  readonly heartbeats: ReadonlyMap<string, string>;
}

/** How a channel is reached: its URL (that of the mail server, of email), and what signs or lets in. */
export interface ChannelSecrets {
  readonly url: string;
  readonly secret?: string | undefined;
  readonly routingKey?: string | undefined;
}
