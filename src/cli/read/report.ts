import { loadConfig } from '../config/load-config.ts';
import type { OutputOptions } from '../options.ts';
import { attach } from '../run/attach.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';
import { printReport } from './print-report.ts';

/** `keysweep report [SWEEP]`: a closed sweep; without an id the full one closed last. */
export async function runReport(
  terminal: Terminal,
  sweepId: string | undefined,
  options: OutputOptions,
): Promise<ExitCode> {
  const loaded = await loadConfig(terminal, options.config, options.quiet);
  const attached = await attach(loaded, new Set());
  try {
    const report = await attached.operations.report({ id: sweepId ?? 'last' });
    if (report === undefined) throw new CommandFailed(absent(sweepId));
    return await printReport(terminal, report, { ...options, configFile: loaded.config.file });
  } finally {
    await attached.detach();
  }
}

function absent(sweepId: string | undefined): string {
  return sweepId === undefined
    ? 'no full sweep has been closed yet; keysweep sweep runs one'
    : `no closed sweep has the id ${JSON.stringify(sweepId)}`;
}
