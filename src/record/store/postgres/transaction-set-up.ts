import { planSettings } from './rows-by-index.ts';
import { longStatementsAllowed, type StatementLimits } from './statement-limits.ts';

/** The server ends a statement before the client gives up, so that the server's word is heard. */
const earlierMs = 2_000;

/**
 * The statement that sets what a transaction needs, for that transaction only: the URL, the role,
 * the database or a pooler may set anything else. The server ends a transaction whose process froze
 * or whose connection is half-open, and so releases its locks (on an alert, or on a sweep's findings).
 */
export function transactionSetUp({ usualMs, longMs }: StatementLimits): string {
  const [statementMs, idleMs] = longStatementsAllowed()
    ? [longMs, Math.min(longMs, 4 * usualMs)]
    : [usualMs, usualMs];
  const endAfter = Math.max(1, statementMs - earlierMs);
  // A commit that is not on disk is no record: an alert could be lost with it.
  // A null in an array that we send would be the text “NULL”.
  // A sweep that changed 30,000 findings took 37 s to close, 29 s of them for JIT compilation.
  const settings = [
    `set_config('jit', 'off', true)`,
    `set_config('lock_timeout', '0', true)`,
    `set_config('statement_timeout', '${endAfter}', true)`,
    `set_config('array_nulls', 'on', true)`,
    `set_config('idle_in_transaction_session_timeout', '${idleMs}', true)`,
    `set_config('synchronous_commit', case current_setting('synchronous_commit')
      when 'off' then 'on' else current_setting('synchronous_commit') end, true)`,
    ...planSettings(),
  ];
  return `select ${settings.join(', ')}`;
}

/** The same for the embedded store, of which nobody else sets anything. */
export function embeddedSetUp(): string {
  const settings = planSettings();
  return settings.length === 0 ? '' : `select ${settings.join(', ')}`;
}
