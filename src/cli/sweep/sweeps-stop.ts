import type { StoppedSweep } from '../../report/model.ts';
import { renderInstant } from '../../report/render-instant.ts';
import { renderCount } from '../../text/render-count.ts';
import { parseId } from '../parse-option.ts';
import { chooseStore } from '../server/choose-store.ts';
import type { StoreOptions } from '../server/read-server.ts';
import { type ExitCode, say, type Terminal } from '../terminal.ts';

/** `keysweep sweeps stop SWEEP`: closes a running sweep now; its pending keys are unknown. */
export async function runSweepsStop(
  terminal: Terminal,
  sweep: string,
  options: StoreOptions,
): Promise<ExitCode> {
  const id = parseId('sweep', sweep);
  const { operations, detach } = await (await chooseStore(terminal, options)).open();
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
