import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { PackInfo } from '../pack-files/pack-info.ts';
import type { Period } from '../period.ts';
import type { TickCounts } from '../ticks/judge-ticks.ts';
import type { SignedCheckpoint } from './log/check-signatures.ts';
import type { PackProblem } from './problem.ts';
import type { SweepTotals } from './sweeps/judge-sweeps.ts';

/** What the verification of a pack found. */
export interface Verification {
  readonly verdict: 'holds' | 'tampered' | 'incomplete';
  readonly problems: readonly PackProblem[];
  /** Undefined where the pack is too broken to say. */
  readonly found: VerifiedFacts | undefined;
}

export interface VerifiedFacts {
  readonly info: PackInfo;
  /** The period that was asked for. */
  readonly period: Period;
  /** When the first and the newest leaf were written. */
  readonly log: { readonly first: Date; readonly newest: Date } | undefined;
  readonly checkpoint: SignedCheckpoint | undefined;
  /** How many checkpoints that the auditor kept were compared, and how many are of other logs. */
  readonly kept: { readonly compared: number; readonly ofOtherLogs: number };
  /** Whether witnesses were asked for. Without them, all times are the host's own word. */
  readonly isWitnessed: boolean;
  readonly ticks: TickCounts;
  readonly sweeps: SweepTotals;
  /** Leaves of the period that change what is asked of sweeps, or who signs. */
  readonly changes: readonly NumberedLeaf[];
}

export function judgeProblems(problems: readonly PackProblem[]): Verification['verdict'] {
  if (problems.some(({ exit }) => exit === 1)) return 'tampered';
  return problems.length > 0 ? 'incomplete' : 'holds';
}

export const exitCodes = { holds: 0, tampered: 1, incomplete: 3 } as const;
