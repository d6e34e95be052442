import { z } from 'zod';
import { wordsOf } from '../../documents/describe-issues.ts';
import { acknowledgementWords } from '../../operations/acknowledge.ts';
import { loadConfig } from '../config/load-config.ts';
import { attach } from '../run/attach.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';

export interface AcknowledgeOptions {
  readonly config?: string;
  readonly by: string;
  readonly reason: string;
  readonly quiet: boolean;
}

/** `keysweep findings acknowledge FINGERPRINT`: closes a finding about an event. */
export async function runAcknowledge(
  terminal: Terminal,
  fingerprint: string,
  options: AcknowledgeOptions,
): Promise<ExitCode> {
  const { by, reason } = readWords(options);
  const loaded = await loadConfig(terminal, options.config, options.quiet);
  const { operations, detach } = await attach(loaded, new Set());
  try {
    await operations.acknowledge({ fingerprint: fingerprint.trim().toLowerCase(), by, reason });
    if (!options.quiet) say(terminal, acknowledged);
    return 0;
  } finally {
    await detach();
  }
}

const acknowledged =
  'acknowledged; keysweep start, or the next run, sends this to the channels that were alerted';

function readWords({ by, reason }: AcknowledgeOptions) {
  const words = { by: by.trim(), reason: reason.trim() };
  const parsed = z.strictObject(acknowledgementWords).safeParse(words, { error: wordsOf });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues[0];
  throw new CommandFailed(`--${String(wrong?.path[0])}: ${wrong?.message ?? 'is not valid'}`);
}
