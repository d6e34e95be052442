import { once } from 'node:events';
import type { AppOptions, AssertReady, Role } from '../../app/app-options.ts';
import { createLog } from '../../app/create-log.ts';
import { hearLibraries } from '../../app/hear-libraries.ts';
import { findTracing } from '../../tracing/find-tracing.ts';
import { loadConfig } from '../config/load-config.ts';
import { failureLine } from '../failure-line.ts';
import { allRoles } from '../parse-option.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';
import { limitHeap } from './limit-heap.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface StartOptions {
  readonly config?: string;
  readonly role: readonly Role[];
}

/** `keysweep start`: runs until it is stopped. */
export async function runStart(terminal: Terminal, options: StartOptions): Promise<ExitCode> {
  // From the beginning on, so that SIGHUP stops no process that is still starting.
  terminal.hangUps?.on('hangup', () => undefined);
  const { config, secrets } = await loadConfig(terminal, options.config);
  const roles = new Set(options.role);
  if (config.store.kind === 'embedded' && roles.size < allRoles.length) {
    throw new CommandFailed('with the embedded store, one process must play all roles');
  }
  limitHeap();
  const tracing = await findTracing();
  const log = createLog(config.logLevel, secrets, tracing);
  hearLibraries(log);
  try {
    return await runUntilStopped(terminal, { config, secrets, log, roles, tracing });
  } catch (error) {
    // Whoever reads the log of `start` reads JSON.
    log.fatal({ code: codeOf(error) }, failureLine(error));
    return 2;
  }
}

async function runUntilStopped(
  terminal: Terminal,
  options: Pick<AppOptions, 'config' | 'secrets' | 'log' | 'roles' | 'tracing'>,
): Promise<ExitCode> {
  const { signal, hangUps } = terminal;
  const { config, log, roles } = options;
  const [{ openApp }, { usualFileWatch }] = await Promise.all([
    import('../../app/open-app.ts'),
    import('../../app/files/watch-files.ts'),
  ]);
  const beforeWork = (check: AssertReady) => waitUntilReady(check, log, signal);
  const storeStop = new AbortController();
  const storeStopped = (error: Error) => storeStop.abort(error);
  const opened = await openApp({ ...options, beforeWork, storeStopped, watches: usualFileWatch });
  if (opened.kind === 'taken') {
    throw new CommandFailed(`the store is held by process ${opened.holder.pid}; stop it first`);
  }
  const { app } = opened;
  hangUps?.on('hangup', app.readFilesAgain);
  const { schedules, inventory } = config;
  const facts = { roles: [...roles], port: app.port, keys: inventory.length };
  log.info({ ...facts, schedules: schedules.map(({ id }) => id) }, 'keysweep is ready');
  // On a terminal alone: a pipe may lead into a log that others read.
  if (app.makeSignInLink !== undefined && terminal.stderr.isTTY === true) {
    say(terminal, `Sign in within 10 minutes: ${app.makeSignInLink()}`);
  }
  const ends = AbortSignal.any([signal, app.stuck, storeStop.signal]);
  if (!ends.aborted) await once(ends, 'abort');
  // Nothing can be recorded any more: this ends as a crash does, which loses nothing.
  storeStop.signal.throwIfAborted();
  log.info('keysweep is stopping');
  await app.stop();
  // The supervisor starts a new process, whose workers are well.
  return app.stuck.aborted ? 2 : 0;
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : String(name);
}
