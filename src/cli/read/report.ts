import { absentId } from '../../text/id-beginning.ts';
import type { OutputOptions } from '../options.ts';
import { parseId } from '../parse-option.ts';
import { runReviewReport } from '../reviews/print-review.ts';
import { chooseStore } from '../server/choose-store.ts';
import { CommandFailed, type ExitCode, type Terminal } from '../terminal.ts';
import { printReport } from './print-report.ts';

export interface ReportOptions extends OutputOptions {
  /** The id of a campaign, or a beginning of it. */
  readonly review?: string;
}

/** `keysweep report [SWEEP]`: a closed sweep; without an id the full one closed last. */
export async function runReport(
  terminal: Terminal,
  sweepId: string | undefined,
  { review, ...options }: ReportOptions,
): Promise<ExitCode> {
  if (review !== undefined) {
    if (sweepId !== undefined) throw new CommandFailed('give a sweep or --review, not both');
    return runReviewReport(terminal, review, options);
  }
  const named = sweepId === undefined ? undefined : parseId('sweep', sweepId);
  const { loaded, open } = await chooseStore(terminal, options);
  const { operations, detach } = await open();
  try {
    const report = await operations.report({ id: named ?? 'last' });
    if (report === undefined) throw new CommandFailed(absent(named));
    return await printReport(terminal, report, { ...options, configFile: loaded?.config.file });
  } finally {
    await detach();
  }
}

function absent(named: string | undefined): string {
  return named === undefined
    ? 'no full sweep has been closed yet; keysweep sweep runs one'
    : absentId('sweep', named);
}
