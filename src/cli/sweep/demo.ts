import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../app/app-options.ts';
import type { Config } from '../../config/config.ts';
import type { HttpConfig } from '../../config/http/http-config.ts';
import { packageRoot } from '../../config/package-root.ts';
import { readConfig } from '../../config/read-config.ts';
import { renderMistakes } from '../../documents/mistake.ts';
import { createSandbox, type Sandbox } from '../../sandbox/create-sandbox.ts';
import { sampleFleet } from '../../sandbox/sample-fleet.ts';
import { renderCount } from '../../text/render-count.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { OutputOptions } from '../options.ts';
import { canRedraw } from '../output/colors.ts';
import { printReport } from '../read/print-report.ts';
import { attach } from '../run/attach.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';
import { createProgressBar } from './progress.ts';
import { waitForSweep } from './wait-for-sweep.ts';

/** Findings do not change the exit code of the demo, so it has no `--fail-on`. */
export interface DemoOptions extends Omit<OutputOptions, 'failOn'> {
  readonly once: boolean;
}

/**
 * `keysweep demo`: starts the vendor's sandbox with its sample fleet and a store of its own that
 * begins with simulated nights, runs one sweep and prints its report; then it keeps running, unless
 * `--once`. It does not use the
 * configuration of the user.
 */
export async function runDemo(terminal: Terminal, options: DemoOptions): Promise<ExitCode> {
  const folder = await mkdtemp(join(tmpdir(), 'keysweep-demo-'));
  const now = new Date();
  const sandbox = await createSandbox({ fleet: sampleFleet, now });
  try {
    const loaded = await loadDemo(terminal, sandbox, folder);
    await showSweep(terminal, options, { loaded, sandbox, now });
    return 0;
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function loadDemo(
  terminal: Terminal,
  sandbox: Sandbox,
  folder: string,
): Promise<LoadedConfig> {
  const read = await readConfig({
    path: join(packageRoot(), 'config', 'keysweep.yaml'),
    env: {},
    cwd: terminal.cwd,
  });
  if (!read.ok) throw new CommandFailed(renderMistakes(read.mistakes).join('\n'));
  const config: Config = {
    ...read.config,
    store: { kind: 'embedded', folder },
    // One key of the sample fleet always fails. Two attempts keep the wait for it short.
    sources: read.config.sources.map((source) => ({
      ...source,
      baseUrl: sandbox.url,
      attempts: 2,
    })),
    alerts: { ...read.config.alerts, channels: [] },
    http: openHttp,
    // What a log would warn of, such as the open port, is meant here.
    logLevel: 'error',
  };
  return { config, secrets: read.secrets };
}

/** On a free port of loopback, without sign-in: the demo holds nothing that is worth one. */
const openHttp: HttpConfig = {
  ...{ host: '127.0.0.1', port: 0, publicUrl: undefined, open: true, isLoopback: true },
  ...{
    tokens: [],
    oidc: undefined,
    ownTokenFile: undefined,
    hosts: [],
    trustedProxies: [],
    queueBoard: false,
  },
};

/** `now`: what the dates of the fleet are relative to. */
interface Demo {
  readonly loaded: LoadedConfig;
  readonly sandbox: Sandbox;
  readonly now: Date;
}

async function showSweep(
  terminal: Terminal,
  options: DemoOptions,
  { loaded, sandbox, now }: Demo,
): Promise<void> {
  const keys = renderCount(sandbox.fleet.size, 'key');
  say(terminal, `The vendor's sandbox answers at ${sandbox.url} with ${keys}.`);
  const roles = new Set<Role>(options.once ? ['worker'] : ['worker', 'http']);
  const attached = await attach(loaded, roles, {
    redraws: canRedraw(terminal.env, terminal.stderr),
    async prepare(database) {
      const { seedPast } = await import('../../demo/seed-past.ts');
      await seedPast(database, { config: loaded.config, fleet: sandbox.fleet, now });
      say(terminal, 'The store holds 60 simulated nights of these keys, up to yesterday.');
    },
  });
  try {
    const { operations } = attached;
    const bar = createProgressBar(terminal, options);
    const { request } = await operations.sweep({ reason: 'demo', requestedBy: null });
    const { signal } = terminal;
    const waiting = {
      operations,
      requestId: request,
      bar,
      signal,
      goesOn: 'nowhere: the store of the demo goes with it',
    };
    const sweepId = await waitForSweep(waiting).finally(() => bar.clear());
    const report = await operations.report({ id: sweepId });
    if (report === undefined) throw new CommandFailed('the report is no longer in the store');
    const configFile = loaded.config.file;
    await printReport(terminal, report, { ...options, failOn: 'low', configFile });
    if (options.once) return;
    say(terminal, `The dashboard is at http://127.0.0.1:${attached.port}/`);
    say(terminal, 'The demo keeps running; Ctrl-C ends it.');
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await attached.detach();
  }
}
