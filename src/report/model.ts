import type { Resolution } from '../evaluate/history/transition.ts';
import type { Facts, Verdict } from '../evaluate/judgement.ts';
import type { RuleType, Severity } from '../evaluate/policy/policy.ts';
import type { Coverage } from '../keys/coverage.ts';
import type { KeyDetails } from '../keys/detail-fields.ts';
import type { UnknownReason } from '../keys/observation.ts';

/** The sweep a report is of. `schedule` and `dueAt` are null where no tick asked for it. */
export interface ReportSweep {
  readonly id: string;
  readonly trigger: 'schedule' | 'request' | 'catch-up';
  readonly schedule: string | null;
  readonly dueAt: Date | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly status: 'complete' | 'incomplete';
  readonly scope: 'full' | 'partial';
  readonly policy: { readonly version: string; readonly hash: string };
}

export type VerdictCounts = { readonly [V in Verdict]: number };

/**
 * One key of a sweep. What the vendor says of it is undefined where it could not be read, and so
 * is left out of the JSON: a `lastUsed` of null is a key that was never used.
 */
export interface ReportKey extends KeyDetails {
  readonly source: string;
  readonly keyId: string;
  readonly verdict: Verdict;
  readonly owner: string | null;
  readonly environment: string | null;
}

/** A broken rule of a sweep. `keyName` and `owner` are for people; the JSON has them under keys. */
export interface ReportViolation {
  readonly fingerprint: string;
  readonly rule: string;
  readonly type: RuleType;
  readonly severity: Severity;
  readonly status: 'open' | 'waived';
  readonly source: string;
  readonly keyId: string;
  readonly message: string;
  readonly facts: Facts;
  readonly controls: readonly string[];
  readonly waiver: string | null;
  readonly firstSeen: Date;
  readonly keyName: string | undefined;
  readonly owner: string | null;
}

/** Why a key (`rule` null) or one of its rules could not be judged. */
export interface ReportUnknown {
  readonly source: string;
  readonly keyId: string;
  readonly rule: string | null;
  readonly reason: UnknownReason;
  /** The vendor's fields that could not be read or used; empty where the reason is another. */
  readonly fields: readonly string[];
  readonly detail: string;
}

/** A rule of the policy that the sweep was judged under, whether a key breaks it or none does. */
export interface ReportRule {
  readonly id: string;
  readonly type: RuleType;
  readonly severity: Severity;
  readonly controls: readonly string[];
}

/** A waiver of that policy, whether it covers anything or not. `expires`: it holds until then. */
export interface ReportWaiver {
  readonly id: string;
  readonly rule: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: readonly string[];
  readonly expires: Date;
}

/**
 * A closed sweep, to be read row by row so that its size does not matter. Each list may be asked
 * for more than once. Keys come in the order of source and key id, unknowns too; violations in the
 * order of severity (gravest first), then source, then key id.
 */
export interface ReportSource {
  readonly sweep: ReportSweep;
  readonly coverage: Coverage;
  readonly verdicts: VerdictCounts;
  readonly rules: readonly ReportRule[];
  readonly waivers: readonly ReportWaiver[];
  keys(): AsyncIterable<ReportKey>;
  violations(): AsyncIterable<ReportViolation>;
  unknowns(): AsyncIterable<ReportUnknown>;
}

/** A violation's life across sweeps. */
export interface ReportFinding extends Omit<ReportViolation, 'status'> {
  readonly status: 'open' | 'waived' | 'resolved';
  readonly lastSeen: Date;
  readonly resolvedAt: Date | null;
  readonly resolution: Resolution | null;
}

/** A tracked key as the inventory has it, with its newest verdict; null before its first sweep. */
export interface ListedKey extends Omit<ReportKey, 'verdict'> {
  readonly verdict: Verdict | null;
  readonly observedAt: Date | null;
  readonly approvedScopes: readonly string[] | null;
  readonly tags: readonly string[];
}
