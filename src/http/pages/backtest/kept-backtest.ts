import type { WantedSweeps } from '../../../backtest/read-sweeps.ts';
import type { Fault } from '../../../documents/mistake.ts';
import type {
  BacktestCounts,
  BacktestSource,
  ChangeKind,
  Changes,
} from '../../../report/backtest/backtest-model.ts';

/** What somebody asks for on a page. */
export interface AskedBacktest {
  /** The text of the policy. */
  readonly policy: string;
  readonly sweeps: WantedSweeps;
  /** The name of the credential. */
  readonly by: string;
  /** The same for a form that is sent twice. */
  readonly once: string | undefined;
}

/** A back-test that has ended. Of long lists of changes, the gravest are here. */
export interface BacktestResult extends BacktestCounts, Pick<BacktestSource, 'policy'> {
  readonly first: { readonly [K in ChangeKind]: readonly Changes[K][] };
}

export type BacktestState =
  /** `total` is 0 until the policy has been read. */
  | { readonly kind: 'running'; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly result: BacktestResult }
  /** `faults`: where the policy is wrong. */
  | { readonly kind: 'failed'; readonly why: string; readonly faults: readonly Fault[] };

/** A back-test that this process remembers. */
export interface KeptBacktest extends AskedBacktest {
  readonly id: string;
  readonly startedAt: Date;
  readonly state: BacktestState;
}
