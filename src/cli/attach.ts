import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createLog } from '../app/create-log.ts';
import type { App, Role } from '../app/open-app.ts';
import type { Operations } from '../operations/index.ts';
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
  // Mistakes in the words and in the configuration are told before the clients are loaded.
  const [{ findStore }, { createFollowingOperations }] = await Promise.all([
    import('./find-store.ts'),
    import('../operations/remote/following.ts'),
  ]);
  let app: App | undefined;
  const find = async (): Promise<Operations> => {
    const found = await findStore({ config, secrets, log, roles });
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
    assertQueue: async () => app?.assertQueue(),
    detach: async () => app?.stop(),
  };
}
