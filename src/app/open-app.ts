import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { jobs } from '../../jobs/index.ts';
import { placesOf } from '../alert/channel-pace.ts';
import { createSocketApi } from '../http/api/create-socket-api.ts';
import type { HealthChecks } from '../http/create-health.ts';
import type { WorkCounts } from '../http/metrics/note-work.ts';
import { watchAnswers } from '../http/watch-answers.ts';
import { localCaller } from '../operations/caller.ts';
import type { Operations } from '../operations/index.ts';
import type { OperationsFor } from '../operations/local.ts';
import { openBackend, type QueueBackend } from '../queue/backend.ts';
import { startWorkers, usualTimings, type WorkerTimings } from '../queue/start-workers.ts';
import { watchWorkers } from '../queue/watch-workers.ts';
import { startAlertHolds } from '../record/outbox/hold-alerts.ts';
import type { Database, DatabaseEvents } from '../record/store/database.ts';
import type { Holder } from '../record/store/embedded/hold-folder.ts';
import { DatabaseUnavailable } from '../record/store/errors.ts';
import { openStore } from '../record/store/open-store.ts';
import { assertWritable, probeWrite } from '../record/store/probe-write.ts';
import { noteConfiguration } from '../record/sweeps/note-configuration.ts';
import { startClock } from '../schedule/start-clock.ts';
import { throttleByCode } from '../timing/throttle-by-code.ts';
import { untraced } from '../tracing/tracing.ts';
import type { AppOptions, Role } from './app-options.ts';
import { type Closing, createClosing } from './closing.ts';
import { type AppContext, createContext } from './create-context.ts';
import { createLook } from './create-look.ts';
import { startSigner } from './evidence/start-signer.ts';
import { createCurrentFiles } from './files/current-files.ts';
import { watchAll } from './files/watch-all.ts';
import type { Metrics } from './open-metrics.ts';
import { openOperations } from './open-operations.ts';
import { serve } from './serve.ts';

/** An open keysweep. `port` is the port of the HTTP server, if this process has that role. */
export interface App {
  readonly operations: Operations;
  readonly port: number | undefined;
  /** Makes an address that signs in once, where this process made its own token. */
  readonly makeSignInLink: (() => string) | undefined;
  /** Who counts what this process and its worker processes do, if it shows metrics. */
  readonly work: WorkCounts | undefined;
  /** Aborts when the workers of this process are stuck, so that only a new process can help. */
  readonly stuck: AbortSignal;
  /** Reads the policy and the inventory again, if this process watches them. */
  readFilesAgain(): void;
  /** Stops all work and closes everything in reverse, in bounded time even if servers are down. */
  stop(): Promise<void>;
}

export type OpenedApp =
  | { readonly kind: 'open'; readonly app: App }
  | { readonly kind: 'taken'; readonly holder: Holder };

/** Opens everything in order. If a part fails, the parts before it are closed again. */
export async function openApp(options: AppOptions): Promise<OpenedApp> {
  const closing = createClosing(options.log);
  try {
    return await openParts(options, closing);
  } catch (error) {
    await closing.closeAll();
    throw error;
  }
}

async function openParts(options: AppOptions, closing: Closing): Promise<OpenedApp> {
  const { config, secrets, log, roles } = options;
  let ready: OperationsFor | undefined;
  const socketApi = createSocketApi({ operationsFor: () => ready, log });
  const socketServer = createServer(getRequestListener(socketApi.fetch));
  const answers = watchAnswers(socketServer);
  const store = await openStore(config, secrets, socketServer, hearStore(options), options);
  if (store.kind === 'taken') return store;
  const { database } = store;
  closing.add('store', () => store.close());
  await options.prepare?.(database);

  const backend = openQueueBackend(options, database);
  closing.add('queue connections', async () => backend.close());
  const files = createCurrentFiles(config, database.server, log);
  const metrics = await openMetricsOf(options);
  const work = metrics?.work.watch(1) ?? options.work;
  const context = createContext(options, database, { backend, files, closing, work });
  const opened = openOperations(database, () => files.config, context, closing);
  ready = opened.operationsFor;
  closing.add('socket', () => {
    // New requests get 503 until another process has the store. Earlier ones get their answers.
    ready = undefined;
    return answers.ended();
  });
  await options.beforeWork?.(async () => {
    await assertWritable(database);
    for (const warning of await backend.probe()) log.warn(warning);
  });
  signEvidence(options, database, closing);
  const stuck = new AbortController();
  if (roles.has('worker')) metrics?.work.working(1);
  if (roles.has('worker')) startWork(context, backend, closing, { ...options, stuck });
  if (roles.has('scheduler')) await noteConfiguration(database, config);
  if (roles.has('scheduler') || roles.has('worker')) startTime(context, roles, closing);
  const watch = options.watches && watchAll(context, files, options.watches);
  closing.add('files', () => watch?.stop());
  const checks = checksOf(context, backend, stuck.signal);
  const { figures } = context;
  const scraped = metrics?.serve({ database, figures, config: () => files.config });
  const site = { config, secrets, log, checks, scraped, closing, database, files };
  const served = roles.has('http') ? await serve({ ...site, ...opened, backend }) : undefined;
  const app: App = {
    operations: opened.operationsFor(localCaller()),
    port: served?.port,
    makeSignInLink: served?.makeSignInLink,
    work: metrics?.work,
    stuck: stuck.signal,
    readFilesAgain: () => watch?.readAgain(),
    stop: () => closing.closeAll(),
  };
  return { kind: 'open', app };
}

function hearStore({ log, storeStopped }: AppOptions): DatabaseEvents {
  return {
    connectionLost: throttleByCode((code, server: string) =>
      log.warn({ server, code }, 'a connection of the database was lost'),
    ),
    stopped: (error) => storeStopped?.(error),
    rowsMoved: (sweeps, of) =>
      log.info({ sweeps, of }, 'the evidence of earlier sweeps is being packed'),
  };
}

function openQueueBackend(
  { config, secrets, log, tracing = untraced }: AppOptions,
  database: Database,
): QueueBackend {
  const { telemetry } = tracing;
  const connectionFailed = throttleByCode((code) =>
    log.warn({ server: backend.server, code }, 'a connection of the queue failed'),
  );
  const events = { connectionFailed };
  const backend = openBackend(config.queue, secrets, database, events, { telemetry });
  return backend;
}

/** Loaded by processes that serve them only, because it takes a tenth of a second. */
async function openMetricsOf({ config, roles }: AppOptions): Promise<Metrics | undefined> {
  if (!roles.has('http') || config.http === undefined) return undefined;
  const { openMetrics } = await import('./open-metrics.ts');
  return openMetrics(config);
}

function checksOf(context: AppContext, backend: QueueBackend, stuck: AbortSignal): HealthChecks {
  return {
    stuck: () => stuck.aborted,
    store: () => assertRecording(context),
    queue: () => backend.write(),
  };
}

/** One row finds room where many find none, such as on a full disk. */
async function assertRecording({ database, unrecorded }: AppContext): Promise<void> {
  if (unrecorded.size > 0) throw new DatabaseUnavailable(`${database.server} takes no results`);
  await probeWrite(database);
}

/** With several audits at once, the source's slots stay full while one audit is recorded. */
const concurrency = { requests: 4, sweeps: 4, audits: 3 };
/** Less than the time that each part has to close. */
const stopWithinMs = 3_500;

interface WorkOptions {
  readonly roles: ReadonlySet<Role>;
  readonly timings?: WorkerTimings;
  readonly stuck: AbortController;
}

function startWork(
  context: AppContext,
  backend: QueueBackend,
  closing: Closing,
  { roles, timings = usualTimings, stuck }: WorkOptions,
): void {
  const { log, database, sources } = context;
  // Loading the thread takes longer than a batch. It keeps 14 MB, which a process that serves saves.
  if (roles.size === 1) sources.prepare();
  const places = { ...concurrency, alerts: placesOf(context.paces) };
  const holds = startAlertHolds(database, timings.lockMs, log);
  closing.add('leases of alerts', async () => holds.stop());
  const setup = { backend, jobs, context: { ...context, holds }, log, timings };
  const workers = startWorkers({ ...setup, concurrency: places });
  closing.add('workers', () => workers.stop(stopWithinMs));
  const endWatch = watchWorkers({
    activity: workers.activity,
    countWaiting: backend.countWaiting,
    onStuck(queues) {
      log.error({ queues }, 'the workers of this process are stuck, though the queue answers');
      stuck.abort();
    },
  });
  closing.add('watch of workers', async () => endWatch());
}

/** Processes that write to the log sign it. What they write last is signed before the store closes. */
function signEvidence(
  { config, secrets, log, roles }: AppOptions,
  database: Database,
  closing: Closing,
): void {
  const { origin, stateFile } = config.evidence;
  const { evidenceKey: key } = secrets;
  if (key === undefined || origin === undefined || stateFile === undefined) return;
  if (!roles.has('scheduler') && !roles.has('worker')) return;
  const { witnesses } = config.evidence;
  const terms = { key, origin, stateFile, witnesses, proxies: secrets.proxies };
  const signer = startSigner(database, terms, log);
  closing.add('signer', () => signer.stop());
}

/** A worker without the scheduler role runs `reconcile` every minute too, but opens no ticks. */
function startTime(context: AppContext, roles: ReadonlySet<Role>, closing: Closing): void {
  const { config, log } = context;
  const schedules = roles.has('scheduler') ? config.schedules : [];
  const clock = startClock(createLook({ ...context, config: { ...config, schedules } }), log);
  closing.add('clock', async () => clock.stop());
}
