import { AsyncLocalStorage } from 'node:async_hooks';

const asked = new AsyncLocalStorage<true>();

/**
 * Runs `work`, whose transactions find a few hundred rows of large tables, each by an index. The
 * planner counts each of them as a read from a disk, so in a store of 10,000 keys it would rather
 * read all keys for a batch of 200; and where statistics are missing, it guesses.
 */
export function findRowsByIndex<T>(work: () => Promise<T>): Promise<T> {
  return asked.run(true, work);
}

/** Whether this code runs within `findRowsByIndex`. */
export function areRowsFoundByIndex(): boolean {
  return asked.getStore() === true;
}

/** The settings for a transaction within `findRowsByIndex`, as columns of a `select`; else none. */
export function planSettings(): readonly string[] {
  return areRowsFoundByIndex() ? indexed : [];
}

/** `test/record/plans.integration.test.ts` reads the plans that PostgreSQL has under these. */
const indexed = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'].map(
  (name) => `set_config('${name}', 'off', true)`,
);
