import type { JobContext } from '../../jobs/context.ts';
import { pacesOf } from '../alert/channel-pace.ts';
import { createChannels } from '../alert/create-channels.ts';
import { watchDeliveries } from '../alert/watch-deliveries.ts';
import { createPolicyCache } from '../evaluate/policy/policy-cache.ts';
import type { WorkWatch } from '../http/metrics/note-work.ts';
import type { QueueBackend } from '../queue/backend.ts';
import { openQueues, type Queues } from '../queue/queues.ts';
import { type Alerting, alertingOf } from '../record/outbox/alerting.ts';
import type { Database } from '../record/store/database.ts';
import { findSharedPermits } from '../sources/limit/find-shared-permits.ts';
import { openSources } from '../sources/sources.ts';
import { untraced } from '../tracing/tracing.ts';
import type { AppOptions } from './app-options.ts';
import type { Closing } from './closing.ts';
import type { CurrentFiles } from './files/current-files.ts';
import { openReviewLinks } from './open-review-links.ts';

/** What jobs need and a process without workers has too. */
export type AppContext = Omit<JobContext, 'holds'> & Pick<Queues, 'promote' | 'figures'>;

export interface ContextParts {
  readonly backend: QueueBackend;
  readonly files: CurrentFiles;
  readonly closing: Closing;
  /** Who hears what this process does. */
  readonly work: WorkWatch | undefined;
}

/** Opens what jobs use, but for the store and the queue, which are open. */
export function createContext(
  { config, secrets, log, tell, tracing = untraced }: AppOptions,
  database: Database,
  { backend, files, closing, work }: ContextParts,
): AppContext {
  const prefix = config.queue.kind === 'store' ? 'keysweep' : config.queue.prefix;
  const sources = openSources(
    config.sources,
    secrets,
    findSharedPermits(database, backend.redis, prefix),
    log,
    { tracing, onFigures: work?.sourceFigures },
  );
  closing.add('sources', () => sources.close());
  const queues = openQueues(backend);
  closing.add('queues', () => queues.close());
  const { channels, allowPrivateNetworks } = config.alerts;
  const created = createChannels({
    channels,
    owners: config.owners,
    heartbeats: config.heartbeats,
    secrets,
    allowPrivateNetworks,
    proxies: secrets.proxies,
    log,
    now: () => new Date(),
    tell,
    reviewLinks: openReviewLinks(config, secrets),
  });
  const alerting: Alerting = {
    ...alertingOf(config),
    get emptyInventoryFiles() {
      return files.inventory.inUse.emptyFiles;
    },
  };
  return {
    config,
    database,
    files,
    alerting,
    sources,
    policies: createPolicyCache(),
    unrecorded: new Set(),
    tracing,
    paces: pacesOf(config),
    channels: work === undefined ? created : watchDeliveries(created, work.delivered),
    log,
    enqueue: queues.enqueue,
    liveIds: queues.liveIds,
    promote: queues.promote,
    figures: queues.figures,
  };
}
