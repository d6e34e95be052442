import { judgeHere } from '../backtest/judging/judge-here.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../record/store/database.ts';
import { type Caller, isLocal } from './caller.ts';
import { mapOperations, type OperationName, type Operations } from './index.ts';
import { findTracked } from './keys/find-tracked.ts';
import type { AnyOperation, Means, Wake } from './operation.ts';
import { createPagedList } from './paged-list.ts';
import { type NoteDenied, permit } from './recording/permit.ts';
import { recordChange } from './recording/record-change.ts';

/** The operations as `caller` may use them: what the role does not permit throws `AccessRefused`. */
export type OperationsFor = (caller: Caller) => Operations;

/**
 * Operations on a store that this process has open. Each change leaves an audit record. `current`
 * returns the configuration with the policy and the inventory that are in use now; `noteDenied`
 * hears of what a role does not permit; back-tests judge where `openJudge` says.
 */
export function createLocalOperations(
  database: Database,
  current: () => Config,
  wake: Wake,
  noteDenied: NoteDenied = () => undefined,
  openJudge: Means['openJudge'] = () => judgeHere,
  channels: Means['channels'] = new Map(),
): OperationsFor {
  return (caller) => {
    const means: Means = {
      database,
      get config() {
        return current();
      },
      wake,
      channels,
      findTracked: (keyIds) => findTracked(database, current().inventory, keyIds),
      openJudge,
      caller,
    };
    return mapOperations((operation, name) => bind(operation, name, means, noteDenied));
  };
}

function bind(operation: AnyOperation, what: OperationName, means: Means, noteDenied: NoteDenied) {
  const { access } = operation;
  const asked = { what, access };
  if ('items' in operation) {
    return (input: unknown) => {
      permit(means.caller, asked, noteDenied);
      return createPagedList((page) => operation.run(means, input, page));
    };
  }
  return async (input: unknown, once?: string) => {
    permit(means.caller, asked, noteDenied);
    const { recorded = (given: unknown) => given } = operation;
    const change = { what, input: recorded(input) };
    if (access === 'write' || access === 'review') {
      return recordChange(means, change, (ending) => operation.run(ending, input, once));
    }
    // A trial changes nothing. What others elsewhere let this machine do is kept all the same.
    if (access === 'trial' && !isLocal(means.caller)) {
      return recordChange(means, change, () => operation.run(means, input, once));
    }
    return operation.run(means, input, once);
  };
}
