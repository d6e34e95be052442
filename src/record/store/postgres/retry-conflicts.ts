import { insist } from '../../../timing/insist.ts';
import { isStatementLost } from './prepared-clients.ts';

/** Serialization failure, and deadlock: the server has undone the work because of another session. */
const conflicts: readonly unknown[] = ['40001', '40P01'];

function isConflict(error: unknown): boolean {
  return conflicts.includes((error as { code?: unknown }).code);
}

/** Together their waits last about three seconds. */
const tries = 6;
/** Statements have limits of their own; this is the longest time that a timer can take. */
const longestMs = 2 ** 31 - 1;

/**
 * Does the work again, a few times, if the server has undone it because of another session, or could
 * not run a statement as it was prepared. Throws any other error, and the last of these. The work does nothing outside its transaction or statement.
 */
export function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  return insist(work, {
    signal: new AbortController().signal,
    tries,
    mayPass: (error) => isConflict(error) || isStatementLost(error),
    failed: () => undefined,
    mostMs: longestMs,
  });
}
