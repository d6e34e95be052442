import { z } from 'zod';
import { wordsOf } from '../../documents/describe-issues.ts';
import { plainText } from '../../evaluate/policy/plain-text.ts';
import type { Operations } from '../../operations/index.ts';
import { renderCount } from '../../text/render-count.ts';
import { parseId } from '../parse-option.ts';
import { chooseStore } from '../server/choose-store.ts';
import type { StoreOptions } from '../server/read-server.ts';
import { CommandFailed, type ExitCode, say, type Terminal } from '../terminal.ts';

export interface ByOptions extends StoreOptions {
  readonly by?: string;
}

export interface CloseOptions extends ByOptions {
  readonly reason: string;
  readonly signOff: boolean;
}

/** Who sends what a command left in the outbox. */
type Sender = 'the server' | 'keysweep start, or the next run,';

/** `keysweep reviews start REVIEW`: opens a campaign now. */
export function runReviewsStart(
  terminal: Terminal,
  review: string,
  options: ByOptions,
): Promise<ExitCode> {
  const { by } = readWords({ by: options.by });
  return change(terminal, options, async (operations, sender) => {
    const started = await operations.startReview({ review, by });
    const mails = mailsOf(started.alerts, sender);
    return `review ${started.review} lists ${renderCount(started.keys, 'key')}; ${mails}`;
  });
}

/** `keysweep reviews remind ID`: mails every reviewer who has keys to answer. */
export function runReviewsRemind(
  terminal: Terminal,
  id: string,
  options: StoreOptions,
): Promise<ExitCode> {
  const named = parseId('review', id);
  return change(terminal, options, async (operations, sender) => {
    const { alerts } = await operations.remindReview({ id: named });
    return mailsOf(alerts, sender);
  });
}

/** `keysweep reviews close ID`: ends a campaign, signed off or not. */
export function runReviewsClose(
  terminal: Terminal,
  id: string,
  { signOff, ...options }: CloseOptions,
): Promise<ExitCode> {
  const named = parseId('review', id);
  const words = readWords({ by: options.by, reason: options.reason });
  const asked = { id: named, by: words.by, reason: words.reason ?? '' };
  return change(terminal, options, async (operations) => {
    if (signOff) {
      const { review } = await operations.signOffReview(asked);
      return `review ${review} is signed off`;
    }
    const { review } = await operations.closeReview(asked);
    return `review ${review} is closed, not signed off; --sign-off signs it`;
  });
}

/** `keysweep reviews withdraw ID REVIEWER`: ends the links that were sent to a reviewer. */
export function runReviewsWithdraw(
  terminal: Terminal,
  id: string,
  reviewer: string,
  options: ByOptions,
): Promise<ExitCode> {
  const named = parseId('review', id);
  const { by } = readWords({ by: options.by });
  return change(terminal, options, async (operations) => {
    await operations.withdrawReviewLinks({ id: named, reviewer, by });
    return `the links of ${reviewer} have ended`;
  });
}

function mailsOf(alerts: number, sender: Sender): string {
  if (alerts === 0) return 'nobody is written to';
  return `${renderCount(alerts, 'mail or alert', 'mails and alerts')} to go; ${sender} sends them`;
}

async function change(
  terminal: Terminal,
  options: StoreOptions,
  run: (operations: Operations, sender: Sender) => Promise<string>,
): Promise<ExitCode> {
  const { loaded, open } = await chooseStore(terminal, options);
  const { operations, detach } = await open();
  try {
    const sender = loaded === undefined ? 'the server' : 'keysweep start, or the next run,';
    const line = await run(operations, sender);
    if (options.quiet !== true) say(terminal, line);
    return 0;
  } finally {
    await detach();
  }
}

const words = z.strictObject({
  by: plainText(200).optional(),
  reason: plainText(1_000).optional(),
});

function readWords(given: { readonly by?: string | undefined; readonly reason?: string }) {
  const parsed = words.safeParse(given, { error: wordsOf });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues[0];
  throw new CommandFailed(`--${String(wrong?.path[0])}: ${wrong?.message ?? 'is not valid'}`);
}
