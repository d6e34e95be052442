import type { MadePackInfo } from '../pack-files/pack-info.ts';
import type { LeastCoverage } from '../sweeps/least-coverage.ts';
import type { TickCounts, TickGroup } from '../ticks/judge-ticks.ts';
import type { Uncovered } from '../ticks/list-uncovered.ts';

/**
 * What the evidence of a period says, for people: made from the leaves of the log and the objects
 * that they refer to, and from nothing else, so that anybody who has them makes the same.
 */
export interface Summary {
  readonly info: Omit<MadePackInfo, 'only'>;
  /** The period of `info`. */
  readonly from: Date;
  readonly to: Date;
  /** Days are counted to here: the end of the period, or the newest leaf. */
  readonly asOf: Date;
  readonly ticks: TickCounts;
  readonly unheld: readonly TickGroup[];
  readonly uncovered: readonly Uncovered[];
  readonly sweeps: SweepsSummary;
  readonly policies: readonly PolicySummary[];
  /** By name; last the rules that are for no control, where there are any. */
  readonly controls: readonly ControlSummary[];
  /** The oldest openings first. */
  readonly findings: readonly FindingSummary[];
  readonly waivers: readonly WaiverSummary[];
  readonly reviews: readonly ReviewSummary[];
  /** Invented nights of a demonstration, which the log has one leaf for. */
  readonly simulated: readonly SimulatedSummary[];
}

export interface SweepsSummary {
  readonly full: number;
  readonly partial: number;
  /** All of them, in the order of their leaves. */
  readonly listed: readonly SweepSummary[];
  /** Those that could not judge all of their keys. */
  readonly incomplete: readonly SweepSummary[];
  readonly least: LeastCoverage | undefined;
  /** The newest full sweep. */
  readonly last: SweepSummary | undefined;
  /** Sweeps whose changes of findings are not in the evidence any more. */
  readonly removed: readonly number[];
}

export interface SweepSummary {
  readonly leaf: number;
  readonly sweep: string;
  readonly scope: 'full' | 'partial';
  readonly status: 'complete' | 'incomplete';
  /** That it was due by; null: on request. */
  readonly schedule: string | null;
  /** When it was due, or opened on request. */
  readonly at: Date;
  readonly tracked: number;
  readonly audited: number;
  /** Judged by some rules only. */
  readonly partial: number;
  readonly verdicts: {
    readonly pass: number;
    readonly fail: number;
    readonly waived: number;
    readonly unknown: number;
  };
}

/** A policy that sweeps of the period judged by. */
export interface PolicySummary {
  /** The name of its object. */
  readonly hash: string;
  readonly sweeps: number;
  /** The leaf of the first of these sweeps. */
  readonly firstLeaf: number;
  /** False where its rules cannot be read, so that their controls are missing here. */
  readonly isRead: boolean;
}

export interface ControlSummary {
  /** Null: of rules that are for no control. */
  readonly control: string | null;
  readonly rules: readonly string[];
  /** Full sweeps of the period whose policy had one of the rules. */
  readonly checked: number;
  /** Whether the newest full sweep is one of them; the policy may have let go of the control. */
  readonly isCurrent: boolean;
  readonly least: LeastCoverage | undefined;
  readonly opened: number;
  readonly closed: number;
  /** After the newest full sweep; undefined where its evidence is gone. */
  readonly standing: { readonly open: number; readonly waived: number } | undefined;
  /** Of findings that closed in the period, or stand: whole days. Undefined where there is none. */
  readonly longestDays: number | undefined;
}

/** A finding that was opened or closed in the period, from one to the other. */
export interface FindingSummary {
  readonly finding: string;
  readonly source: string;
  readonly keyId: string;
  readonly rule: string;
  readonly severity: string | undefined;
  readonly controls: readonly string[];
  readonly since: Date | undefined;
  /** Undefined: it was opened before the period, or by a review. */
  readonly openedLeaf: number | undefined;
  readonly state: 'open' | 'waived' | 'closed';
  readonly closedAt: Date | undefined;
  readonly closedLeaf: number | undefined;
  /** Why it closed, and who acknowledged it. */
  readonly because: string | undefined;
  readonly by: string | undefined;
  /** Whole days until it closed, or until `asOf`. */
  readonly days: number | undefined;
}

/** A waiver that was in force in the period. */
export interface WaiverSummary {
  readonly leaf: number;
  readonly waiver: string;
  readonly rule: string;
  readonly controls: readonly string[];
  /** How many keys it names; null where it has a match. */
  readonly keys: number | null;
  readonly requestedBy: string;
  readonly approvedBy: readonly string[];
  /** Who signed in and approved it, and the leaf that says so. */
  readonly approvals: readonly SignedApproval[];
  readonly reason: string;
  readonly from: Date;
  readonly expires: Date;
  readonly ended:
    | { readonly at: Date; readonly leaf: number; readonly because: string }
    | undefined;
}

export interface SignedApproval {
  readonly leaf: number;
  readonly at: Date;
  /** As the waiver names them. */
  readonly approver: string;
  /** And as they signed in. */
  readonly by: string;
}

/** A campaign of a review that was open in the period, or signed off in it. */
export interface ReviewSummary {
  readonly review: string;
  readonly name: string;
  readonly keys: number;
  readonly opened: ReviewStep;
  readonly answerBy: Date;
  /** Decisions; a changed answer is another one. */
  readonly decided: number;
  readonly answers: Readonly<Record<string, number>> | undefined;
  readonly closed: ReviewStep | undefined;
  readonly signedOff: ReviewStep | undefined;
}

export interface ReviewStep {
  readonly leaf: number;
  readonly at: Date;
  /** Who did it, and how that was known; undefined: the schedule. */
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

export interface SimulatedSummary {
  readonly leaf: number;
  readonly sweeps: number;
  readonly from: Date;
  readonly to: Date;
}
