import type { RecordDifference } from './difference.ts';

/** Keys that were compared, of all. */
export type CheckProgress = readonly [done: number, total: number];

/** What the comparison of the records with the log found. */
export interface CheckedRecords {
  /** Of the log. */
  readonly leaves: number;
  /** Closed sweeps whose evidence was made anew, and the keys of all of them. */
  readonly sweeps: number;
  readonly keys: number;
  /** Signed notes that are kept. */
  readonly checkpoints: number;
  /** Whether there was a key to verify them with. */
  readonly signatures: 'verified' | 'not-verified';
  readonly differences: readonly RecordDifference[];
  /** Differences beside those, which are too many to list. */
  readonly more: number;
}

/** A comparison that goes on while it is asked for its next step. */
export type Checking = AsyncGenerator<CheckProgress, CheckedRecords>;
