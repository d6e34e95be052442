import { z } from 'zod';
import { wordsOf } from '../../documents/describe-issues.ts';
import {
  type AcknowledgedEvent,
  acknowledgementWords,
} from '../../operations/findings/acknowledge.ts';
import { renderInstant } from '../../report/render-instant.ts';
import { safeText } from '../../report/safe-text.ts';
import { shownDigits } from '../../report/table/findings-table.ts';
import { loadConfig } from '../config/load-config.ts';
import { parseId } from '../parse-option.ts';
import { attach } from '../run/attach.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';

export interface AcknowledgeOptions {
  readonly config?: string;
  readonly by: string;
  readonly reason: string;
  readonly quiet: boolean;
}

/**
 * `keysweep findings acknowledge FINGERPRINT…`: closes findings about events, in the order given, up
 * to the first that is refused.
 */
export async function runAcknowledge(
  terminal: Terminal,
  fingerprints: readonly string[],
  options: AcknowledgeOptions,
): Promise<ExitCode> {
  const words = readWords(options);
  const named = fingerprints.map((text) => parseId('finding', text));
  const loaded = await loadConfig(terminal, options.config, options.quiet);
  const { operations, detach } = await attach(loaded, new Set());
  try {
    for (const fingerprint of named) {
      const done = await operations.acknowledge({ fingerprint, ...words });
      if (done !== undefined && !options.quiet) say(terminal, acknowledgedLine(done));
    }
    return 0;
  } finally {
    await detach();
  }
}

function acknowledgedLine({ acknowledged, before, by, at, reason }: AcknowledgedEvent): string {
  const finding = acknowledged.slice(0, shownDigits);
  if (before) {
    const first = `${safeText(by)} at ${renderInstant(at)}: ${safeText(reason)}`;
    return `${finding} was acknowledged before, by ${first}; nothing changes`;
  }
  const next = 'keysweep start, or the next run, sends this to the channels that were alerted';
  return `${finding} acknowledged; ${next}`;
}

function readWords({ by, reason }: AcknowledgeOptions) {
  const words = { by: by.trim(), reason: reason.trim() };
  const parsed = z.strictObject(acknowledgementWords).safeParse(words, { error: wordsOf });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues[0];
  throw new CommandFailed(`--${String(wrong?.path[0])}: ${wrong?.message ?? 'is not valid'}`);
}
