import type { Severity } from '../../evaluate/policy/policy.ts';
import type { Coverage } from '../../keys/coverage.ts';
import type { ReportSweep, ReportUnknown, ReportViolation, VerdictCounts } from '../model.ts';

/** The state of one rule for one key under one policy. `absent`: the policy lacks the rule. */
export type RuleState = 'open' | 'waived' | 'unknown' | 'passed' | 'absent';

/** The kinds of change that another policy makes to one rule of one key. */
export const changeKinds = ['opens', 'resolves', 'waived', 'unknown'] as const;
export type ChangeKind = (typeof changeKinds)[number];
export type RuleChangeCounts = { readonly [K in ChangeKind]: number };

/** The first sweep in which the change appears. */
interface SeenIn {
  readonly sweep: string;
  readonly asOf: Date;
}

/** `was`: the state under the sweep's own policy. `would`: the state under the other policy. */
interface Moved {
  readonly was: RuleState;
  readonly would: RuleState;
}

/**
 * A violation that would open, resolve or be waived. One that resolves keeps the sweep's details.
 */
export type ChangedViolation = Omit<ReportViolation, 'status' | 'firstSeen'> & Moved & SeenIn;

/** A rule, or the whole key if `rule` is null, that the other policy could not judge. */
export type ChangedUnknown = ReportUnknown & Moved & SeenIn;

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

/** A sweep's totals under its own policy and under the other policy. */
export interface BacktestSweep {
  readonly sweep: ReportSweep;
  readonly was: BacktestTotals;
  readonly would: BacktestTotals;
  readonly changes: RuleChangeCounts;
}

export type RuleCounts = { readonly [S in 'open' | 'waived' | 'unknown']: number };

/** One rule of either policy, in the newest sweep. A null severity: that policy lacks the rule. */
export interface BacktestRule {
  readonly rule: string;
  readonly severity: { readonly was: Severity | null; readonly would: Severity | null };
  readonly was: RuleCounts;
  readonly would: RuleCounts;
}

/**
 * Totals over all sweeps. Sweeps are in order, oldest first. `changes` counts each rule of each key
 * once, even if it changes in several sweeps; `opens` counts the same way by severity.
 */
export interface BacktestCounts {
  readonly sweeps: readonly BacktestSweep[];
  readonly rules: readonly BacktestRule[];
  readonly changes: RuleChangeCounts;
  readonly opens: { readonly [S in Severity]: number };
}

/**
 * Kept sweeps judged under another policy, read row by row to bound memory. Changes are ordered by
 * severity (gravest first), then source, then key id; unknowns by source, then key id.
 */
export interface BacktestSource {
  readonly policy: { readonly version: string; readonly hash: string };
  /** Judges all keys once. Yields how many keys are done, and how many there are. */
  count(): AsyncGenerator<readonly [done: number, total: number], BacktestCounts>;
  /** May be called several times, but only after `count` has finished. */
  changes<K extends ChangeKind>(kind: K): AsyncIterable<Changes[K]>;
  /** Ends what judges the keys. Nothing can be read afterwards. */
  close(): Promise<void>;
}
