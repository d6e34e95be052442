import { dirname, resolve } from 'node:path';
import { inspect } from 'node:util';
import type { OwnerConfig } from '../alert/alerts-config.ts';
import { readChannelConfig, readChannelSecrets } from '../alert/channels/channel-schema.ts';
import type { ListedKeys } from '../inventory/listed-keys.ts';
import type { Proxies } from '../proxy/proxies.ts';
import { readSourceConfig, readSourceSecrets } from '../sources/source-schema.ts';
import { defaultStore, embeddedFolder, isEmbedded, parseHostPort } from './addresses.ts';
import type {
  Config,
  HostPort,
  PolicyDocument,
  QueueConfig,
  Secrets,
  StoreConfig,
} from './config.ts';
import { readEvidenceConfig, readEvidenceKey } from './evidence/read-evidence.ts';
import type { NamedFiles } from './files/named-files.ts';
import { readHttpConfig, readTokenHashes } from './http/read-http.ts';
import type { KeysweepFile } from './keysweep-schema.ts';
import { mailedReviewers, readReviewConfig } from './reviews/read-reviews.ts';

/** Everything that was read and passed the checks. */
export interface Read {
  readonly files: NamedFiles;
  readonly file: KeysweepFile;
  readonly inventory: ListedKeys;
  readonly emptyInventoryFiles: readonly string[];
  readonly policy: PolicyDocument;
  /** `DATABASE_URL` and `REDIS_URL`, if they are set: they take precedence over the file. */
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly proxies: Proxies;
  /** The file that `evidence.key` was read from, if it was one. */
  readonly evidenceKeyFile: string | undefined;
  /** The user's home folder. */
  readonly home: string;
}

export function buildConfig(read: Read): Config {
  const { files, file } = read;
  const { channels, routes, allowPrivateNetworks, remindAfter, anomaly } = file.alerts;
  const config: Config = {
    file: files.config,
    files,
    store: storeConfig(read),
    queue: queueConfig(read),
    worker: file.worker,
    sources: file.sources.map(readSourceConfig),
    inventory: read.inventory,
    emptyInventoryFiles: read.emptyInventoryFiles,
    policy: read.policy,
    approvals: file.approvals,
    schedules: file.schedules.map(({ catchUp, deadline, ...schedule }) => ({
      ...schedule,
      catchUpMs: catchUp,
      deadlineMs: deadline,
    })),
    alerts: {
      channels: channels.map(readChannelConfig),
      routes: routes.map(({ match, channels }) => ({ match, channels })),
      remindAfterMs: remindAfter,
      anomaly,
      allowPrivateNetworks,
    },
    heartbeats: new Map(
      Object.entries(file.heartbeat).map(([schedule, its]) => [
        schedule,
        typeof its === 'string' ? 'healthchecks' : its.style,
      ]),
    ),
    owners: readOwners(file),
    reviews: file.reviews.map(readReviewConfig),
    reviewLinks: file.reviewLinks !== undefined,
    http: file.http && readHttpConfig(file.http, storeConfig(read), dirname(files.config)),
    evidence: readEvidenceConfig(file.evidence, {
      folder: dirname(files.config),
      keyFile: read.evidenceKeyFile,
    }),
    retentionMs: file.retention,
    logLevel: file.log.level,
  };
  return freeze(config);
}

/** The result shows as `[secrets]` if it is printed by mistake. */
export function buildSecrets(read: Read): Secrets {
  const { queue, sources, alerts } = read.file;
  const database = storeUrl(read);
  const login = queue?.sentinel ?? queue?.cluster;
  const secrets: Secrets = {
    databaseUrl: isEmbedded(database) ? undefined : database,
    redisUrl: read.redisUrl ?? queue?.url,
    redisPassword: login?.password,
    sentinelPassword: queue?.sentinel?.sentinelPassword,
    redisTls: queue?.tls,
    proxies: read.proxies,
    evidenceKey: readEvidenceKey(read.file.evidence),
    oidcClientSecret: read.file.http?.oidc?.clientSecret,
    reviewLinkKey: read.file.reviewLinks?.key,
    tokens: read.file.http === undefined ? [] : readTokenHashes(read.file.http),
    sources: new Map(sources.map((source) => [source.id, readSourceSecrets(source)])),
    channels: new Map(
      alerts.channels.flatMap((channel) => {
        const its = readChannelSecrets(channel);
        return its === undefined ? [] : [[channel.id, its] as const];
      }),
    ),
    heartbeats: new Map(
      Object.entries(read.file.heartbeat).map(([schedule, its]) => [
        schedule,
        typeof its === 'string' ? its : its.url,
      ]),
    ),
  };
  const hide = { value: () => '[secrets]', enumerable: false };
  return Object.freeze(Object.defineProperties(secrets, { toJSON: hide, [inspect.custom]: hide }));
}

/** A reviewer who is named by a mail address is written to as an owner is. */
function readOwners({ owners, reviews }: KeysweepFile): Config['owners'] {
  const mailed = mailedReviewers(reviews).map(
    (address) => [address, { channels: [], email: address }] as const,
  );
  const named = Object.entries(owners).map(
    ([name, { channels = [], email }]) => [name, { channels, email }] as const,
  );
  return new Map<string, OwnerConfig>([...mailed, ...named]);
}

function storeUrl({ databaseUrl, file }: Read): string {
  return databaseUrl ?? file.store?.url ?? defaultStore;
}

function storeConfig(read: Read): StoreConfig {
  const url = storeUrl(read);
  if (!isEmbedded(url)) return { kind: 'postgres', connections: read.file.store?.connections };
  return {
    kind: 'embedded',
    folder: resolve(dirname(read.files.config), embeddedFolder(url, read.home)),
  };
}

function queueConfig({ redisUrl, file }: Read): QueueConfig {
  const { url, sentinel, cluster, prefix = 'keysweep' } = file.queue ?? {};
  if (redisUrl !== undefined || url !== undefined) return { kind: 'redis', prefix };
  if (sentinel !== undefined) {
    const { name, username, tls } = sentinel;
    return { kind: 'sentinel', prefix, name, hosts: hostPorts(sentinel.hosts), username, tls };
  }
  if (cluster !== undefined) {
    const { username, tls } = cluster;
    return {
      kind: 'cluster',
      prefix: braced(prefix),
      nodes: hostPorts(cluster.nodes),
      username,
      tls,
    };
  }
  return { kind: 'store' };
}

/** In a cluster, all keys of a queue must be on one node; the part in braces selects the node. */
function braced(prefix: string): string {
  return prefix.startsWith('{') ? prefix : `{${prefix}}`;
}

function hostPorts(list: readonly string[]): HostPort[] {
  return list.flatMap((text) => parseHostPort(text) ?? []);
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
