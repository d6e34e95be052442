/** What is wrong with a pack. docs/evidence-verify.md describes each. */
export type ProblemCode = TamperedCode | IncompleteCode;

/** Something was changed, or is not there. */
export type TamperedCode =
  | 'unsafe-path'
  | 'link'
  | 'doubled-file'
  | 'oversized'
  | 'unknown-file'
  | 'missing-file'
  | 'malformed-file'
  | 'leaf-differs'
  | 'leaf-unreadable'
  | 'leaf-out-of-place'
  | 'time-goes-back'
  | 'doubled-sweep'
  | 'tile-differs'
  | 'root-differs'
  | 'fork'
  | 'tail-cut'
  | 'other-log'
  | 'wrong-signature'
  | 'untrusted-signature'
  | 'retired-key'
  | 'wrong-rotation'
  | 'object-differs'
  | 'object-missing'
  | 'sweep-differs'
  | 'pruned-early'
  | 'wrong-pruning'
  | 'wrong-proof'
  | 'differences-found'
  | 'file-differs';

/** Nothing was changed, but the pack does not show that all that was due was done. */
export type IncompleteCode =
  | 'gap'
  | 'missed'
  | 'skipped'
  | 'late-closing'
  | 'pending'
  | 'unreadable-schedule'
  | 'not-covered'
  | 'no-sweep'
  | 'incomplete-sweep'
  | 'pruned'
  | 'simulated'
  | 'unsigned'
  | 'unknown-signature'
  | 'below-quorum'
  | 'late-cosignature'
  | 'not-proven'
  | 'other-version';

export interface PackProblem {
  /** What the program ends with, if this is the worst. */
  readonly exit: 1 | 3;
  readonly code: ProblemCode;
  /** A leaf by its number, a file of the pack, a schedule, or a file that was given. */
  readonly place: string;
  /** One sentence. */
  readonly message: string;
}

export function tampered(code: TamperedCode, place: string, message: string): PackProblem {
  return { exit: 1, code, place, message };
}

export function incomplete(code: IncompleteCode, place: string, message: string): PackProblem {
  return { exit: 3, code, place, message };
}

/** How a leaf is named as a place. */
export function leafPlace(n: number): string {
  return `leaf ${n}`;
}
