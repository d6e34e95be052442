import { AsyncLocalStorage } from 'node:async_hooks';

/** How long a statement may run before its connection is destroyed, in milliseconds. */
export interface StatementLimits {
  readonly usualMs: number;
  /** For statements over a whole sweep. */
  readonly longMs: number;
  /** How often the server is asked whether it still runs a long statement. */
  readonly lookMs: number;
}

export const usualLimits: StatementLimits = { usualMs: 30_000, longMs: 600_000, lookMs: 10_000 };

const allowed = new AsyncLocalStorage<true>();

/** Runs `work`, whose statements go over a whole sweep and may take minutes. */
export function allowLongStatements<T>(work: () => Promise<T>): Promise<T> {
  return allowed.run(true, work);
}

/** Whether this code runs within `allowLongStatements`. */
export function longStatementsAllowed(): boolean {
  return allowed.getStore() === true;
}
