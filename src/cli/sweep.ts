import type { Operations } from '../operations/operations.ts';
import type { AuditRequest } from '../record/sweeps/requests.ts';
import { renderCount } from '../text/render-count.ts';
import { type Attached, attach } from './attach.ts';
import { loadConfig } from './load-config.ts';
import type { OutputOptions } from './options.ts';
import { type PrintOptions, printReport } from './print-report.ts';
import { createProgressBar } from './progress.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from './terminal.ts';
import { type SweepWait, waitForAlerts, waitForSweep } from './wait-for-sweep.ts';

export interface SweepOptions extends OutputOptions {
  /** False with `--no-worker`: wait for another process to do the work. */
  readonly worker: boolean;
}

export interface AuditOptions extends SweepOptions {
  readonly source?: string;
}

/** `keysweep sweep`: one sweep of everything, through the queue. */
export function runSweep(terminal: Terminal, options: SweepOptions): Promise<ExitCode> {
  return audit(terminal, options, async () => undefined);
}

/** `keysweep audit KEY…`: the named keys, ahead of nightly work. */
export function runAudit(
  terminal: Terminal,
  keyIds: readonly string[],
  options: AuditOptions,
): Promise<ExitCode> {
  return audit(terminal, options, async (operations) => {
    const keys = [];
    for (const keyId of new Set(keyIds)) {
      const found = await operations.findKeys(keyId, options.source);
      if (found.length === 0) throw new CommandFailed(unknownKey(keyId, options.source));
      keys.push(...found);
    }
    return keys;
  });
}

function unknownKey(keyId: string, source: string | undefined): string {
  const where = source === undefined ? 'in the inventory' : `of source ${source} in the inventory`;
  return `no key ${JSON.stringify(keyId)} ${where}; keysweep keys list shows those that are`;
}

type FindKeys = (operations: Operations) => Promise<AuditRequest['keys']>;

async function audit(
  terminal: Terminal,
  options: SweepOptions,
  findKeys: FindKeys,
): Promise<ExitCode> {
  const loaded = await loadConfig(terminal, options.config, options.quiet);
  const { worker } = options;
  const attached = await attach(loaded, new Set(worker ? ['worker'] : []), !worker);
  try {
    const keys = await findKeys(attached.operations);
    await attached.assertQueue();
    const { file, policy } = loaded.config;
    const printed = { ...options, configFile: file };
    return await askAndReport(terminal, printed, attached, { keys, policyHash: policy.hash });
  } finally {
    await attached.detach();
  }
}

/** Whatever process opens a sweep does it with the files that it has read. */
const otherPolicy =
  'note: another process opened this sweep, under another policy than the files here; ' +
  'restart it for it to read them';

async function askAndReport(
  terminal: Terminal,
  options: PrintOptions,
  { operations }: Attached,
  { keys, policyHash }: { keys: AuditRequest['keys']; policyHash: string },
): Promise<ExitCode> {
  const { signal, env } = terminal;
  const requestedBy = env['USER'] ?? env['LOGNAME'] ?? null;
  const requestId = await operations.requestAudit({ keys, reason: 'command', requestedBy });
  const bar = createProgressBar(terminal, options);
  const drawn = terminal.stderr.isTTY === true;
  const sayLine = options.quiet || drawn ? undefined : (line: string) => say(terminal, line);
  const waiting: SweepWait = { operations, requestId, bar, sayLine, signal };
  const sweepId = await waitForSweep(waiting).finally(() => bar.clear());
  const report = await operations.readReport(sweepId);
  if (report === undefined) throw new CommandFailed('the report is gone from the records');
  if (report.sweep.policy.hash !== policyHash) say(terminal, otherPolicy);
  const code = await printReport(terminal, report, options);
  const undelivered = await waitForAlerts(waiting).finally(() => bar.clear());
  if (undelivered > 0 && !options.quiet) {
    const what = renderCount(undelivered, 'alert is', 'alerts are');
    say(
      terminal,
      `${what} not delivered yet; the next run goes on with what remains, and keysweep alerts list says why`,
    );
  }
  return code;
}
