import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import type { AppOptions, AssertReady, Role } from '../../app/app-options.ts';
import { createLog, openLogStream } from '../../app/create-log.ts';
import { hearLibraries } from '../../app/hear-libraries.ts';
import type { App } from '../../app/open-app.ts';
import type { ForkParts } from '../../app/processes/fork-worker.ts';
import { planProcesses } from '../../app/processes/plan-processes.ts';
import { startProcesses } from '../../app/processes/start-processes.ts';
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

/** `keysweep start`: runs until it is stopped. `timings`: of its workers, for tests. */
export async function runStart(
  terminal: Terminal,
  options: StartOptions,
  { timings }: Pick<AppOptions, 'timings'> = {},
): Promise<ExitCode> {
  // From the beginning on, so that SIGHUP stops no process that is still starting.
  terminal.hangUps?.on('hangup', () => undefined);
  const { env, parent } = terminal;
  // What is wrong with the configuration, and may be meant, was said by the parent.
  const loading = { quiet: parent !== undefined, text: await parent?.configText };
  const { config, secrets, text } = await loadConfig(terminal, options.config, loading);
  const roles = new Set(options.role);
  if (config.store.kind === 'embedded' && roles.size < allRoles.length) {
    throw new CommandFailed('with the embedded store, one process must play all roles');
  }
  const several = roles.has('worker') && parent === undefined;
  const processes = several ? planProcesses(config.worker.processes, availableParallelism()) : 1;
  limitHeap();
  const tracing = await findTracing();
  const lines = openLogStream();
  // The log of a worker process leads through its parent, which may be gone.
  if (parent !== undefined) lines.on('error', () => undefined);
  const withPid = processes > 1 || parent !== undefined;
  const log = createLog(config.logLevel, secrets, { ...tracing, lines, withPid });
  hearLibraries(log);
  const opening = { config, secrets, log, roles, tracing, processes, ...(timings && { timings }) };
  try {
    return await runUntilStopped(terminal, opening, { file: config.file, text, env, lines });
  } catch (error) {
    // Whoever reads the log of `start` reads JSON.
    log.fatal({ code: codeOf(error) }, failureLine(error));
    return 2;
  }
}

type Opened = 'config' | 'secrets' | 'log' | 'roles' | 'tracing' | 'timings';
type Opening = Pick<AppOptions, Opened> & {
  readonly processes: number;
};

async function runUntilStopped(
  terminal: Terminal,
  opening: Opening,
  forking: Omit<ForkParts, 'log'>,
): Promise<ExitCode> {
  const { signal, hangUps, parent } = terminal;
  const { log, processes } = opening;
  const storeStop = new AbortController();
  const storeStopped = (error: Error) => storeStop.abort(error);
  const app = await open(terminal, { ...opening, storeStopped });
  sayReady(terminal, opening, app);
  const others = startProcesses({ ...forking, log, processes, work: app.work });
  parent?.ready();
  hangUps?.on('hangup', () => {
    app.readFilesAgain();
    others.readFilesAgain();
  });
  const ends = AbortSignal.any([signal, app.stuck, storeStop.signal]);
  if (!ends.aborted) await once(ends, 'abort');
  // Nothing can be recorded any more: this ends as a crash does, which loses nothing.
  storeStop.signal.throwIfAborted();
  log.info('keysweep is stopping');
  await Promise.all([app.stop(), others.stop()]);
  // The supervisor starts a new process, whose workers are well.
  return app.stuck.aborted ? 2 : 0;
}

async function open({ signal, parent }: Terminal, options: AppOptions): Promise<App> {
  const [{ openApp }, { usualFileWatch }] = await Promise.all([
    import('../../app/open-app.ts'),
    import('../../app/files/watch-files.ts'),
  ]);
  const beforeWork = (check: AssertReady) => waitUntilReady(check, options.log, signal);
  const work = parent?.work;
  const opened = await openApp({ ...options, beforeWork, work, watches: usualFileWatch });
  if (opened.kind === 'open') return opened.app;
  throw new CommandFailed(`the store is held by process ${opened.holder.pid}; stop it first`);
}

/** The parent of a worker process says that this one is ready. */
function sayReady(terminal: Terminal, { config, log, roles, processes }: Opening, app: App): void {
  if (terminal.parent !== undefined) return;
  const { schedules, inventory } = config;
  const facts = { roles: [...roles], port: app.port, keys: inventory.count };
  const several = processes > 1 ? { processes } : {};
  const ids = schedules.map(({ id }) => id);
  log.info({ ...facts, ...several, schedules: ids }, 'keysweep is ready');
  // On a terminal alone: a pipe may lead into a log that others read.
  if (app.makeSignInLink !== undefined && terminal.stderr.isTTY === true) {
    say(terminal, `Sign in within 10 minutes: ${app.makeSignInLink()}`);
  }
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : String(name);
}
