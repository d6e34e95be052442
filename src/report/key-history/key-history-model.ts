import type { Resolution } from '../../evaluate/history/transition.ts';
import type { Verdict } from '../../evaluate/judgement.ts';
import type { KeyDetails } from '../../keys/detail-fields.ts';
import type {
  ListedKey,
  ReportFinding,
  ReportSweep,
  ReportUnknown,
  ReportViolation,
} from '../model.ts';

/** A key as it is known now. A key that left the inventory stays, with the time when it left. */
export interface KnownKey extends ListedKey {
  /** Null until a sweep has opened it. */
  readonly trackedAt: Date | null;
  readonly untrackedAt: Date | null;
}

/** The sweep in which a key was looked at. */
export interface MomentSweep
  extends Pick<
    ReportSweep,
    'id' | 'trigger' | 'schedule' | 'scope' | 'openedAt' | 'closedAt' | 'simulated'
  > {
  readonly status: ReportSweep['status'] | 'open';
}

export type MomentViolation = Pick<
  ReportViolation,
  'fingerprint' | 'rule' | 'type' | 'severity' | 'status' | 'message' | 'facts' | 'waiver'
>;

export type MomentUnknown = Pick<ReportUnknown, 'rule' | 'reason' | 'fields' | 'detail'>;

/** What became of a finding of the key in a sweep, or because of it. */
export interface KeyEvent {
  readonly at: Date;
  readonly kind: 'opened' | 'reopened' | 'resolved' | 'waived' | 'lapsed' | 'reminder';
  readonly rule: string;
  readonly fingerprint: string;
  readonly resolution: Resolution | null;
  /** Who acknowledged it and why, or the waiver and why it ended; null for other events. */
  readonly note: Readonly<Record<string, string>> | null;
}

/** What the inventory said of a key. */
export interface MomentEntry {
  readonly owner: string | null;
  readonly environment: string | null;
  readonly approvedScopes: readonly string[] | null;
  readonly tags: readonly string[];
}

type Changing = keyof KeyDetails | keyof MomentEntry | 'verdict' | 'missing';
type Stated = string | Date | boolean | readonly string[] | null;

/** A field that differs from the moment before. */
export interface KeyChange {
  readonly field: Changing;
  readonly before: Stated;
  readonly after: Stated;
}

/**
 * A key in one sweep. `verdict` is null while it is open. The vendor's fields are undefined where
 * they could not be read, and all of them where the vendor gave no answer or `missing`.
 */
export interface KeyMoment extends KeyDetails, MomentEntry {
  readonly sweep: MomentSweep;
  readonly verdict: Verdict | null;
  readonly observedAt: Date | null;
  /** The vendor said that there is no such key. */
  readonly missing: boolean;
  readonly violations: readonly MomentViolation[];
  readonly unknowns: readonly MomentUnknown[];
  readonly events: readonly KeyEvent[];
  readonly changes: readonly KeyChange[];
}

/** A key with a page of its moments, newest first. */
export interface KeyHistory {
  readonly key: KnownKey;
  readonly findings: readonly ReportFinding[];
  readonly items: readonly KeyMoment[];
  readonly next: string | null;
}
