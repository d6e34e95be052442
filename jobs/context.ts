import type { Logger } from 'pino';
import type { AlertChannel } from '../src/alert/channels/channel.ts';
import type { ChannelPace } from '../src/alert/channels/description.ts';
import type { Config } from '../src/config/config.ts';
import type { PolicyCache } from '../src/evaluate/policy/policy-cache.ts';
import type { QueueName } from '../src/queue/define-job.ts';
import type { Alerting } from '../src/record/outbox/alerting.ts';
import type { AlertHolds } from '../src/record/outbox/hold-alerts.ts';
import type { Database } from '../src/record/store/database.ts';
import type { RequestedFiles } from '../src/record/sweeps/requests.ts';
import type { SweepInputs } from '../src/record/sweeps/write-sweep.ts';
import type { Sources } from '../src/sources/sources.ts';
import type { Tracing } from '../src/tracing/tracing.ts';
import type { Enqueue } from './queueing/enqueue.ts';

/** The policy and the inventory to open sweeps with. They may change while the process runs. */
interface SweepFiles {
  readonly inputs: SweepInputs;
  /** Those that a request is to be carried out with. */
  inputsFor(files: RequestedFiles): Promise<SweepInputs>;
}

/** What every job gets besides its payload and its run. */
export interface JobContext extends Enqueue {
  readonly config: Config;
  readonly database: Database;
  readonly files: SweepFiles;
  readonly alerting: Alerting;
  readonly sources: Sources;
  readonly channels: ReadonlyMap<string, AlertChannel>;
  /** By channel. */
  readonly paces: ReadonlyMap<string, ChannelPace>;
  readonly holds: AlertHolds;
  readonly policies: PolicyCache;
  readonly log: Logger;
  readonly tracing: Tracing;
  /** Names of what waits in memory because the database does not take it now. */
  readonly unrecorded: Set<string>;
  /** The ids of a queue's unfinished jobs. */
  liveIds(queue: QueueName): Promise<ReadonlySet<string>>;
}
