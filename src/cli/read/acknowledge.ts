import { z } from 'zod';
import { wordsOf } from '../../documents/describe-issues.ts';
import {
  type AcknowledgedEvent,
  acknowledgementWords,
} from '../../operations/findings/acknowledge.ts';
import { describePerson } from '../../report/people/named-person.ts';
import { renderInstant } from '../../report/render-instant.ts';
import { safeText } from '../../report/safe-text.ts';
import { shownDigits } from '../../report/table/findings-table.ts';
import { parseId } from '../parse-option.ts';
import { chooseStore } from '../server/choose-store.ts';
import type { StoreOptions } from '../server/read-server.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';

export interface AcknowledgeOptions extends StoreOptions {
  readonly by: string;
  readonly reason: string;
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
  const { loaded, open } = await chooseStore(terminal, options);
  const { operations, detach } = await open();
  const sender = loaded === undefined ? 'the server' : 'keysweep start, or the next run,';
  try {
    for (const fingerprint of named) {
      const done = await operations.acknowledge({ fingerprint, ...words });
      if (done !== undefined && !options.quiet) say(terminal, acknowledgedLine(done, sender));
    }
    return 0;
  } finally {
    await detach();
  }
}

function acknowledgedLine(event: AcknowledgedEvent, sender: string): string {
  const { acknowledged, before, at, reason } = event;
  const finding = acknowledged.slice(0, shownDigits);
  if (before) {
    const first = `${safeText(describePerson(event))} at ${renderInstant(at)}: ${safeText(reason)}`;
    return `${finding} was acknowledged before, by ${first}; nothing changes`;
  }
  return `${finding} acknowledged; ${sender} sends this to the channels that were alerted`;
}

function readWords({ by, reason }: AcknowledgeOptions) {
  const words = { by: by.trim(), reason: reason.trim() };
  const parsed = z.strictObject(acknowledgementWords).safeParse(words, { error: wordsOf });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues[0];
  throw new CommandFailed(`--${String(wrong?.path[0])}: ${wrong?.message ?? 'is not valid'}`);
}
