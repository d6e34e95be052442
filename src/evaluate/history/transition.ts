export type FindingState = 'open' | 'waived' | 'resolved';

/** What a finding was waived for. */
export interface FindingWaiver {
  readonly id: string;
  readonly hash: string;
  readonly reason: string;
  readonly until: Date;
}

export type Resolution =
  | 'fixed'
  | 'untracked'
  | 'missing'
  | 'policy-changed'
  | 'acknowledged'
  /** Of an early warning: what it warned of has come. */
  | 'overdue';

/** Why a waiver covers a finding no more. */
export type LapseCause = 'expired' | 'key-changed' | 'no-longer-applies' | 'withdrawn';

/** What happens to one finding. `seen`: it was open or waived, and still is. */
export type Transition = { readonly rule: string; readonly was: FindingState | null } & (
  | { readonly kind: 'opened' | 'reopened' }
  | { readonly kind: 'seen' | 'waived'; readonly waiver: string | null }
  | { readonly kind: 'lapsed'; readonly waiver: FindingWaiver; readonly cause: LapseCause }
  | { readonly kind: 'resolved'; readonly resolution: Resolution }
);
