import type { FindingType } from '../evaluate/history/finding-type.ts';
import type { Resolution } from '../evaluate/history/transition.ts';
import type { Facts, Verdict } from '../evaluate/judgement.ts';
import type { RuleType, Severity } from '../evaluate/policy/policy.ts';
import type { Coverage } from '../keys/coverage.ts';
import type { KeyDetails } from '../keys/detail-fields.ts';
import type { UnknownReason } from '../keys/observation.ts';
import type { EvidenceOfSweep } from './evidence-of-sweep.ts';
import type { NamedPerson } from './people/named-person.ts';
import type { FirstSeenMark, SimulatedMark } from './simulated.ts';
import type { WaitsFor } from './waivers/listed-waiver.ts';

/** The reported sweep. `schedule` and `dueAt` are null if no schedule started it. */
export interface ReportSweep extends SimulatedMark {
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
 * One key of a sweep. The vendor's fields are undefined, and absent from the JSON, if they could
 * not be read. A `lastUsed` of null means that the key was never used.
 */
export interface ReportKey extends KeyDetails {
  readonly source: string;
  readonly keyId: string;
  readonly verdict: Verdict;
  readonly owner: string | null;
  readonly environment: string | null;
}

/** A violation in a sweep. `keyName` and `owner` are for people; the JSON has them under keys. */
export interface ReportViolation extends FirstSeenMark {
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
  /** The vendor's fields that could not be read or used; empty if the reason is another one. */
  readonly fields: readonly string[];
  readonly detail: string;
}

/** A row with its key; undefined if the JSON that it was read from lacks the key. */
export type OfKey<Row> = Row & { readonly key: ReportKey | undefined };

/** A rule of the sweep's policy, including rules that every key passes. */
export interface ReportRule {
  readonly id: string;
  readonly type: RuleType;
  readonly severity: Severity;
  readonly controls: readonly string[];
}

/** A waiver of that policy, including waivers that cover nothing. It is valid until `expires`. */
export interface ReportWaiver {
  readonly id: string;
  readonly rule: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: readonly string[];
  readonly expires: Date;
}

/** How many violations of a rule a waiver covers; with null, how many are open. */
export interface BrokenCount {
  readonly rule: string;
  readonly severity: Severity;
  readonly waiver: string | null;
  readonly keys: number;
}

/**
 * A closed sweep, read row by row to bound memory. Each list may be read several times. Keys and
 * unknowns are ordered by source, then key id; violations by severity (gravest first), then source,
 * then key id.
 */
export interface ReportSource {
  readonly sweep: ReportSweep;
  readonly coverage: Coverage;
  readonly verdicts: VerdictCounts;
  /** Null for a sweep that is in no log: it was closed by an earlier build, or is simulated. */
  readonly evidence: EvidenceOfSweep | null;
  readonly rules: readonly ReportRule[];
  readonly waivers: readonly ReportWaiver[];
  /** Changes if a report of the same sweep may have changed; undefined if it was read from JSON. */
  readonly revision?: string;
  keys(): AsyncIterable<ReportKey>;
  violations(): AsyncIterable<OfKey<ReportViolation>>;
  unknowns(): AsyncIterable<OfKey<ReportUnknown>>;
  /** The violations, counted. */
  broken(): Promise<readonly BrokenCount[]>;
  /** When keys were last used, some keys at a time; undefined where that is not known. */
  lastUses(): AsyncIterable<readonly ReportKey['lastUsed'][]>;
}

/**
 * A sweep in a list. Coverage and verdicts are null while it is open; `pending` counts its keys
 * without a verdict. `stoppedAt`: when somebody ended it early.
 */
export interface ListedSweep extends Omit<ReportSweep, 'status'> {
  readonly status: ReportSweep['status'] | 'open';
  readonly stoppedAt: Date | null;
  readonly tracked: number;
  readonly pending: number;
  readonly coverage: Coverage | null;
  readonly verdicts: VerdictCounts | null;
}

/** A sweep that was ended early. `before`: an earlier request had stopped it. */
export interface StoppedSweep {
  readonly sweep: string;
  readonly status: ReportSweep['status'];
  readonly closedAt: Date;
  readonly tracked: number;
  readonly unknown: number;
  readonly before: boolean;
}

/** Who ended the finding of an event, when and why. */
export interface Acknowledgement extends NamedPerson {
  readonly at: Date;
  readonly reason: string;
}

/** A finding: a violation followed across sweeps, or what an owner decided in a review. */
export interface ReportFinding extends Omit<ReportViolation, 'status' | 'type'> {
  readonly type: FindingType;
  readonly status: 'open' | 'waived' | 'resolved';
  readonly lastSeen: Date;
  readonly resolvedAt: Date | null;
  readonly resolution: Resolution | null;
  /** Null unless the resolution is `acknowledged`. */
  readonly acknowledgement: Acknowledgement | null;
  /** Waivers that would cover it, but wait for their approval; absent where there are none. */
  readonly waitsFor?: readonly WaitsFor[];
}

/** How tables and CSV say that a key has no verdict yet; in JSON it is null. */
export const notAudited = 'not audited yet';

/** A tracked key of the inventory, with its newest verdict; null before its first sweep. */
export interface ListedKey extends Omit<ReportKey, 'verdict'> {
  readonly verdict: Verdict | null;
  readonly observedAt: Date | null;
  readonly approvedScopes: readonly string[] | null;
  readonly tags: readonly string[];
}
