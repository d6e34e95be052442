import type { Logger } from 'pino';
import { openApp, type Role } from '../app.ts';
import { waitForHolder } from '../http/wait-for-holder.ts';
import { createLog } from '../log.ts';
import type { Operations } from '../operations/operations.ts';
import { createRemoteOperations } from '../operations/remote.ts';
import type { LoadedConfig } from './load-config.ts';

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

export async function attach(
  { config, secrets }: LoadedConfig,
  roles: ReadonlySet<Role>,
): Promise<Attached> {
  const level = quietLevels.has(config.logLevel) ? 'warn' : config.logLevel;
  const log = createLog(level, secrets);
  let opened = await openApp({ config, secrets, log, roles });
  // A holder that ended before it was ready has left the store to us, or to another.
  while (opened.kind === 'taken' && !(await waitForHolder(opened.holder.socket))) {
    opened = await openApp({ config, secrets, log, roles });
  }
  if (opened.kind === 'taken') {
    const operations = createRemoteOperations(opened.holder.socket);
    const nothing = async () => undefined;
    return { operations, log, assertQueue: nothing, detach: nothing };
  }
  const { operations, assertQueue, stop } = opened.app;
  return { operations, log, assertQueue, detach: stop };
}
