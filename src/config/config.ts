import type {
  AlertSecrets,
  AlertsConfig,
  Heartbeats,
  OwnerConfig,
} from '../alert/alerts-config.ts';
import type { Policy } from '../evaluate/policy/policy.ts';
import type { SigningKey } from '../evidence/log/signing-key.ts';
import type { ListedKeys } from '../inventory/listed-keys.ts';
import type { Proxies } from '../proxy/proxies.ts';
import type { SourceSecrets } from '../sources/vendor.ts';
import type { SourceConfig } from '../sources/vendors.ts';
import type { EvidenceConfig } from './evidence/evidence-config.ts';
import type { NamedFiles } from './files/named-files.ts';
import type { HttpConfig, TokenHash } from './http/http-config.ts';
import type { ReviewConfig } from './reviews/reviews-config.ts';

/** Where records are stored. The URL of a server is a secret, so it is in `Secrets`. */
export type StoreConfig =
  | { readonly kind: 'embedded'; readonly folder: string }
  /** `connections`: how many a process may open; undefined: as many as it uses by default. */
  | { readonly kind: 'postgres'; readonly connections: number | undefined };

/** Where jobs are stored. `store`: in the database of the records. A Redis URL is a secret. */
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

/** `processes`: how many work in one `start`; `auto`: one for every two cores. */
export interface WorkerConfig {
  readonly processes: number | 'auto';
}

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

export interface ScheduleConfig {
  readonly id: string;
  readonly cron: string;
  readonly timezone: string;
  readonly catchUpMs: number;
  readonly overlap: 'skip' | 'queue';
  readonly deadlineMs: number;
}

/** The checked configuration, frozen and without secrets. Paths are absolute. */
export interface Config {
  readonly file: string;
  /** The files that it was read from. */
  readonly files: NamedFiles;
  readonly store: StoreConfig;
  readonly queue: QueueConfig;
  readonly worker: WorkerConfig;
  readonly sources: readonly SourceConfig[];
  readonly inventory: ListedKeys;
  /** Files of the inventory that hold no keys, as the configuration names them. */
  readonly emptyInventoryFiles: readonly string[];
  readonly policy: PolicyDocument;
  readonly approvals: Approvals;
  readonly schedules: readonly ScheduleConfig[];
  readonly alerts: AlertsConfig;
  /** By schedule, if it has a heartbeat; its URL is in `Secrets`. */
  readonly heartbeats: Heartbeats;
  /** With the reviewers who are named by a mail address, under that address. */
  readonly owners: ReadonlyMap<string, OwnerConfig>;
  readonly reviews: readonly ReviewConfig[];
  /** Whether mails to reviewers hold links; the key that signs them is in `Secrets`. */
  readonly reviewLinks: boolean;
  readonly http: HttpConfig | undefined;
  readonly evidence: EvidenceConfig;
  readonly retentionMs: number;
  readonly logLevel: LogLevel;
}

/** Who may approve waivers: undefined: whoever the policy names; else they have to sign in. */
export type Approvals = 'signed-in' | undefined;

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** A policy's text, the hash of that text (`sha256:` and 64 hex digits) and the parsed policy. */
export interface PolicyDocument {
  readonly text: string;
  readonly hash: string;
  readonly policy: Policy;
}

export interface RedisTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** What must not leave the process. Never logged, never put in a job or a row. */
export interface Secrets extends AlertSecrets {
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly redisPassword: string | undefined;
  readonly sentinelPassword: string | undefined;
  /** The authority of the Redis servers and our own certificate, in PEM. */
  readonly redisTls: RedisTls | undefined;
  /** They may hold a password. */
  readonly proxies: Proxies;
  /** By the id of the source. */
  readonly sources: ReadonlyMap<string, SourceSecrets>;
  /** Who may ask over HTTP. */
  readonly tokens: readonly TokenHash[];
  /** Signs the checkpoints of the log. */
  readonly evidenceKey: SigningKey | undefined;
  /** Of keysweep at the OpenID Connect provider. */
  readonly oidcClientSecret: string | undefined;
  /** Signs the links in mails to reviewers; undefined: these mails have none. */
  readonly reviewLinkKey: string | undefined;
}
