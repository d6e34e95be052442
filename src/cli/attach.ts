import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createLog } from '../app/create-log.ts';
import type { App, OpenedApp, Role } from '../app/open-app.ts';
import type { Operations } from '../operations/operations.ts';
import { createFollowingOperations } from '../operations/remote/following.ts';
import { createRemoteOperations } from '../operations/remote/remote.ts';
import { waitForHolder } from '../operations/remote/wait-for-holder.ts';
import { limitHeap } from './limit-heap.ts';
import type { LoadedConfig } from './load-config.ts';
import { CommandFailed } from './terminal.ts';

/** Operations for one command, done here or by the process that holds the embedded store. */
export interface Attached {
  readonly operations: Operations;
  readonly log: Logger;
  /** Throws `QueueUnavailable` when nothing that is asked for would be done soon. */
  assertQueue(): Promise<void>;
  detach(): Promise<void>;
}

/** A command that ends by itself logs what is wrong, not what goes well: it shows that itself. */
const quietLevels = new Set(['trace', 'debug', 'info']);

/** A holder that is being restarted comes before us: it does more than we would. */
const restartMs = 2_000;

const nobodyWorks =
  'no other process holds the embedded store, so none would do the work; ' +
  'leave out --no-worker, or start keysweep first';

/** `elsewhere`: the work is left to another process. Throws where the store is for one, and that is us. */
export async function attach(
  { config, secrets }: LoadedConfig,
  roles: ReadonlySet<Role>,
  elsewhere = false,
): Promise<Attached> {
  limitHeap();
  const level = quietLevels.has(config.logLevel) ? 'warn' : config.logLevel;
  const log = createLog(level, secrets);
  let app: App | undefined;
  const find = async (): Promise<Operations> => {
    // Mistakes in the words and in the configuration are told before the clients are loaded.
    const { openApp } = await import('../app/open-app.ts');
    const found = await findStore(() => openApp({ config, secrets, log, roles }));
    if ('socket' in found) return createRemoteOperations(found.socket);
    app = found;
    if (!elsewhere || config.store.kind !== 'embedded') return found.operations;
    await found.stop();
    throw new CommandFailed(nobodyWorks);
  };
  const findNext = async () => {
    await wait(restartMs);
    return find();
  };
  return {
    operations: createFollowingOperations(await find(), findNext),
    log,
    assertQueue: async () => app?.assertQueue(),
    detach: async () => app?.stop(),
  };
}

const mostTries = 20;
const againMs = 100;

/** The store, opened here, or the socket of the process that holds it and answers. */
async function findStore(open: () => Promise<OpenedApp>): Promise<App | { socket: string }> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const opened = await open();
    if (opened.kind === 'open') return opened.app;
    const { socket } = opened.holder;
    if (await waitForHolder(socket)) return { socket };
    // It ended before it was ready: the store is ours, or another's.
    await wait(againMs);
  }
  throw new CommandFailed('the store goes from one process to the next; try again');
}
