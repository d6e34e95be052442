import { acknowledge } from './acknowledge.ts';
import { alerts } from './alerts.ts';
import { audit } from './audit.ts';
import { backtest } from './backtest.ts';
import { findKeys } from './find-keys.ts';
import { findings } from './findings.ts';
import { heldSweeps } from './held-sweeps.ts';
import { keys } from './keys.ts';
import type { AnyOperation, Means } from './operation.ts';
import { outcome } from './outcome.ts';
import { release } from './release.ts';
import { report } from './report.ts';
import { pending, progress } from './request.ts';
import { retryAlert, retryAlerts } from './retry-alerts.ts';
import { storeFacts } from './store-facts.ts';
import { sweep } from './sweep.ts';
import { stopSweep, sweeps } from './sweeps.ts';

/**
 * All operations for people and programs, by name. The process that holds the store runs them, the
 * HTTP routes are made from them, and other processes call them over the socket.
 */
export const registry = {
  sweep,
  audit,
  progress,
  pending,
  sweeps,
  stopSweep,
  report,
  heldSweeps,
  release,
  findings,
  acknowledge,
  keys,
  findKeys,
  alerts,
  outcome,
  retryAlert,
  retryAlerts,
  backtest,
  storeFacts,
};

export type OperationName = keyof typeof registry;

type Call<Entry> = Entry extends {
  run(means: Means, input: infer Input, once: string | undefined): infer Result;
}
  ? (input: Input, once?: string) => Result
  : never;

/** The operations as functions, which run here or in another process. */
export type Operations = { readonly [Name in OperationName]: Call<(typeof registry)[Name]> };

/** Makes the function of every operation with `callOf`. */
export function mapOperations(
  callOf: (
    operation: AnyOperation,
    name: OperationName,
  ) => (input: never, once?: string) => unknown,
): Operations {
  const calls = Object.entries(registry).map(([name, operation]) => [
    name,
    callOf(operation, name as OperationName),
  ]);
  return Object.fromEntries(calls) as Operations;
}
