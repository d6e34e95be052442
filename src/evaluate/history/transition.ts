export type FindingState = 'open' | 'waived' | 'resolved';

/** The waiver that covers a finding. */
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
  /** For an early warning: its limit was reached. */
  | 'overdue';

/** Why a waiver no longer covers a finding. */
export type LapseCause =
  | 'expired'
  | 'key-changed'
  | 'no-longer-applies'
  | 'withdrawn'
  /** It waits for its approval. */
  | 'not-approved';

/** What happens to one finding. `seen`: it was open or waived, and still is. */
export type Transition = { readonly rule: string; readonly was: FindingState | null } & (
  | { readonly kind: 'opened' | 'reopened' }
  | { readonly kind: 'seen' | 'waived'; readonly waiver: string | null }
  | { readonly kind: 'lapsed'; readonly waiver: FindingWaiver; readonly cause: LapseCause }
  | { readonly kind: 'resolved'; readonly resolution: Resolution }
);
