import type { Logger } from 'pino';
import type { AskedChange } from '../../record/audit-log/record-asked.ts';
import { recordRefused } from '../../record/audit-log/record-requests.ts';
import type { Database } from '../../record/store/database.ts';
import { boundInput, boundText } from './bound-input.ts';
import { assertedIn } from './record-change.ts';

/**
 * An audit that another program asks for over the queue: who that is, nobody can say. `data`: what
 * the program queued, whatever that is.
 */
export function toQueuedChange(data: unknown): AskedChange {
  const request = typeof data === 'object' && data !== null ? data : { data };
  return {
    who: 'queue',
    role: null,
    asserted: assertedIn(request),
    known: 'queue',
    what: 'audit',
    input: boundInput(request),
    origin: 'queue',
  };
}

/** Keeps that an audit was asked for in a form that cannot be read. Never rejects: the job fails. */
export async function recordRefusedJob(
  { database, log }: { readonly database: Database; readonly log: Logger },
  data: unknown,
  reason: string,
): Promise<void> {
  const asked = toQueuedChange(data);
  await database
    .transact((tx) => recordRefused(tx, asked, boundText(reason, 500)))
    .catch(({ name, code = name }: Error & { readonly code?: unknown }) => {
      log.warn({ code: String(code) }, 'a refused job left no audit record');
    });
}
