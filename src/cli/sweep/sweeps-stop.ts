import type { StoppedSweep } from '../../report/model.ts';
import { renderInstant } from '../../report/render-instant.ts';
import { renderCount } from '../../text/render-count.ts';
import { loadConfig } from '../config/load-config.ts';
import { parseId } from '../parse-option.ts';
import { attach } from '../run/attach.ts';
import { type ExitCode, say, type Terminal } from '../terminal.ts';

export interface SweepsStopOptions {
  readonly config?: string;
  readonly quiet: boolean;
}

/** `keysweep sweeps stop SWEEP`: closes a running sweep now; its pending keys are unknown. */
export async function runSweepsStop(
  terminal: Terminal,
  sweep: string,
  options: SweepsStopOptions,
): Promise<ExitCode> {
  const id = parseId('sweep', sweep);
  const loaded = await loadConfig(terminal, options.config, options.quiet);
  const { operations, detach } = await attach(loaded, new Set());
  try {
    const stopped = await operations.stopSweep({ id });
    if (stopped !== undefined && !options.quiet) say(terminal, stoppedLine(stopped));
    return 0;
  } finally {
    await detach();
  }
}

function stoppedLine({ sweep, status, closedAt, tracked, unknown, before }: StoppedSweep): string {
  const result = `closed as ${status}: ${unknown} of ${renderCount(tracked, 'key')} unknown`;
  return before
    ? `sweep ${sweep} was stopped already, and ${result} (${renderInstant(closedAt)})`
    : `stopped sweep ${sweep}; ${result}`;
}
