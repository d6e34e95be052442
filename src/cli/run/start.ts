import { once } from 'node:events';
import { createLog } from '../../app/create-log.ts';
import type { Role } from '../../app/open-app.ts';
import { loadConfig } from '../config/load-config.ts';
import { allRoles } from '../parse-option.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';
import { limitHeap } from './limit-heap.ts';

export interface StartOptions {
  readonly config?: string;
  readonly role: readonly Role[];
}

/** `keysweep start`: runs until it is stopped. */
export async function runStart(terminal: Terminal, options: StartOptions): Promise<ExitCode> {
  const { config, secrets } = await loadConfig(terminal, options.config);
  const roles = new Set(options.role);
  if (config.store.kind === 'embedded' && roles.size < allRoles.length) {
    throw new CommandFailed('with the embedded store, one process must play all roles');
  }
  limitHeap();
  const log = createLog(config.logLevel, secrets);
  const { openApp } = await import('../../app/open-app.ts');
  const opened = await openApp({ config, secrets, log, roles });
  if (opened.kind === 'taken') {
    throw new CommandFailed(`the store is held by process ${opened.holder.pid}; stop it first`);
  }
  const { app } = opened;
  const { schedules, inventory } = config;
  const facts = { roles: [...roles], port: app.port, keys: inventory.length };
  log.info({ ...facts, schedules: schedules.map(({ id }) => id) }, 'keysweep is ready');
  if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
  log.info('keysweep is stopping');
  await app.stop();
  return 0;
}
