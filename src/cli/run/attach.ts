import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { AppOptions, AssertReady, Role } from '../../app/app-options.ts';
import { createLog } from '../../app/create-log.ts';
import { hearLibraries } from '../../app/hear-libraries.ts';
import type { App } from '../../app/open-app.ts';
import type { Operations } from '../../operations/index.ts';
import { findTracing } from '../../tracing/find-tracing.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { CommandFailed } from '../terminal.ts';
import { limitHeap } from './limit-heap.ts';

/** Operations for one command. This process runs them, or the one that holds the embedded store. */
export interface Attached {
  readonly operations: Operations;
  readonly log: Logger;
  /** The port of HTTP, if this process serves it. */
  readonly port: number | undefined;
  detach(): Promise<void>;
}

/** A command that ends by itself logs only problems: its output shows the rest. */
const quietLevels = new Set(['trace', 'debug', 'info']);

/** Lets a holder that is being restarted take the store first: it does more than a command. */
const restartMs = 2_000;

const nobodyWorks =
  'no other process holds the embedded store, so none would do the work; ' +
  'leave out --no-worker, or start keysweep first';

export interface AttachOptions {
  /** Leaves the work to another process; throws when no other process can do it. */
  readonly elsewhere?: boolean;
  /** As in `AppOptions`. */
  readonly tell?: AppOptions['tell'];
  readonly prepare?: AppOptions['prepare'];
  readonly connectMs?: AppOptions['connectMs'];
  /** A progress bar may stand on the terminal. */
  readonly redraws?: boolean;
}

export async function attach(
  { config, secrets }: LoadedConfig,
  roles: ReadonlySet<Role>,
  { elsewhere = false, tell, prepare, connectMs, redraws = false }: AttachOptions = {},
): Promise<Attached> {
  limitHeap();
  const level = quietLevels.has(config.logLevel) ? 'warn' : config.logLevel;
  const tracing = await findTracing();
  const log = createLog(level, secrets, { traceId: tracing.traceId, clearsLine: redraws });
  hearLibraries(log);
  // Wrong words and a wrong configuration are reported before the clients are loaded.
  const [{ findStore }, { createFollowingOperations }] = await Promise.all([
    import('./find-store.ts'),
    import('../../operations/remote/following.ts'),
  ]);
  // Whoever asks for work must hear at once that a server refuses it.
  const ready =
    elsewhere || roles.has('worker') ? { beforeWork: (check: AssertReady) => check() } : {};
  const opening = { config, secrets, log, tracing };
  let app: App | undefined;
  const find = async (): Promise<Operations> => {
    const found = await findStore({ ...opening, roles, tell, prepare, connectMs, ...ready });
    if (found.kind === 'elsewhere') return found.operations;
    const { app: opened } = found;
    app = opened;
    if (!elsewhere || config.store.kind !== 'embedded') return opened.operations;
    await opened.stop();
    throw new CommandFailed(nobodyWorks);
  };
  const findNext = async () => {
    await wait(restartMs);
    return find();
  };
  return {
    operations: createFollowingOperations(await find(), findNext),
    log,
    get port() {
      return app?.port;
    },
    detach: async () => app?.stop(),
  };
}
