import type { Severity } from '../../evaluate/policy/policy.ts';
import type { Coverage } from '../../keys/coverage.ts';
import type { ReportSweep, ReportUnknown, ReportViolation, VerdictCounts } from '../model.ts';

/** What one rule says of one key under one policy. `absent`: that policy has no such rule. */
export type RuleState = 'open' | 'waived' | 'unknown' | 'passed' | 'absent';

/** What another policy would change of one rule of one key. */
export const changeKinds = ['opens', 'resolves', 'waived', 'unknown'] as const;
export type ChangeKind = (typeof changeKinds)[number];
export type RuleChangeCounts = { readonly [K in ChangeKind]: number };

/** The sweep in whose evidence a change was seen first. */
interface SeenIn {
  readonly sweep: string;
  readonly asOf: Date;
}

/** `was` and `would`: what the policy of the sweep says, and what the other one would. */
interface Moved {
  readonly was: RuleState;
  readonly would: RuleState;
}

/** A violation that would open, resolve or be waived; one that resolves is as the sweep has it. */
export type ChangedViolation = Omit<ReportViolation, 'status' | 'firstSeen'> & Moved & SeenIn;

/** A rule (or with `rule: null` the whole key) of which the other policy could not tell. */
export type ChangedUnknown = ReportUnknown & Moved & SeenIn;

/** The changes by kind. */
export interface Changes {
  readonly opens: ChangedViolation;
  readonly resolves: ChangedViolation;
  readonly waived: ChangedViolation;
  readonly unknown: ChangedUnknown;
}

export interface BacktestTotals {
  readonly coverage: Coverage;
  readonly verdicts: VerdictCounts;
}

/** A sweep as it was judged and as the other policy would have judged it. */
export interface BacktestSweep {
  readonly sweep: ReportSweep;
  readonly was: BacktestTotals;
  readonly would: BacktestTotals;
  readonly changes: RuleChangeCounts;
}

export type RuleCounts = { readonly [S in 'open' | 'waived' | 'unknown']: number };

/** One rule, of either policy, in the newest of the sweeps. Null severity: no such rule there. */
export interface BacktestRule {
  readonly rule: string;
  readonly severity: { readonly was: Severity | null; readonly would: Severity | null };
  readonly was: RuleCounts;
  readonly would: RuleCounts;
}

/**
 * What all of it comes to. Sweeps stand oldest first; `changes` counts each rule of each key once,
 * however many sweeps it changes in, and `opens` does so by severity.
 */
export interface BacktestCounts {
  readonly sweeps: readonly BacktestSweep[];
  readonly rules: readonly BacktestRule[];
  readonly changes: RuleChangeCounts;
  readonly opens: { readonly [S in Severity]: number };
}

/**
 * Kept sweeps judged under another policy, row by row so that their size does not matter. Changes
 * come gravest first, then in the order of source and key id; unknowns in that of source and key id.
 */
export interface BacktestSource {
  readonly policy: { readonly version: string; readonly hash: string };
  /** Judges everything once; yields how many keys are done of how many. */
  count(): AsyncGenerator<readonly [done: number, total: number], BacktestCounts>;
  /** Each may be asked for when all is counted, and more than once. */
  changes<K extends ChangeKind>(kind: K): AsyncIterable<Changes[K]>;
}
