import type { Facts } from '../evaluate/judgement.ts';
import type { LapseCause } from '../evaluate/plan-transitions.ts';
import type { Severity } from '../evaluate/policy.ts';
import type { UnknownReason } from '../keys/observation.ts';

/** A finding as receivers see it: a violation of the report, and what is known of its key. */
export interface AlertFinding {
  readonly fingerprint: string;
  readonly rule: string;
  readonly type: string;
  readonly severity: Severity;
  readonly status: 'open' | 'waived' | 'resolved';
  /** Why it ended; null while it has not. */
  readonly resolution: string | null;
  readonly source: string;
  readonly keyId: string;
  readonly message: string;
  readonly facts: Facts;
  readonly controls: readonly string[];
  /** The id of the waiver that covers it; null where none does (any more). */
  readonly waiver: string | null;
  /** Of a finding that lapsed: what it was waived for, and why that covers it no more. */
  readonly lapse: Lapse | null;
  /** RFC 3339. */
  readonly firstSeen: string;
  /** Null where the vendor has said none, or none that can be read. */
  readonly keyName: string | null;
  readonly keyType: string | null;
  readonly lastFour: string | null;
  readonly owner: string | null;
  readonly environment: string | null;
}

export interface Lapse {
  readonly waiver: string;
  readonly reason: string;
  readonly cause: LapseCause;
}

export interface AlertSweep {
  readonly id: string;
  readonly trigger: 'schedule' | 'request' | 'catch-up';
  readonly schedule: string | null;
  readonly scope: 'full' | 'partial';
  readonly status: 'complete' | 'incomplete';
}

/** Counts of keys, as the report has them. */
export interface AlertCoverage {
  readonly tracked: number;
  readonly audited: number;
  readonly unknown: number;
  readonly partial: number;
}

/** One part of what changed. The arrays are to be read in this order; all are always there. */
export interface FindingsChanged {
  readonly sweep: AlertSweep;
  readonly coverage: AlertCoverage;
  readonly part: number;
  readonly parts: number;
  readonly opened: readonly AlertFinding[];
  readonly reopened: readonly AlertFinding[];
  readonly resolved: readonly AlertFinding[];
  readonly lapsed: readonly AlertFinding[];
  readonly reminders: readonly AlertFinding[];
}

/** A key that nothing could be learned of. */
export interface AlertUnknown {
  readonly source: string;
  readonly keyId: string;
  readonly reason: UnknownReason;
  readonly detail: string;
}

/** The first of the sweep's unknown keys; `omitted` counts the others. */
export interface SweepIncomplete {
  readonly sweep: AlertSweep;
  readonly coverage: AlertCoverage;
  readonly unknowns: readonly AlertUnknown[];
  readonly omitted: number;
}

/** Ticks of a schedule that came to no sweep. Instants are RFC 3339. */
export interface SweepMissed {
  readonly schedule: string;
  readonly count: number;
  readonly firstDueAt: string;
  readonly lastDueAt: string;
}

/** An alert that a channel did not take, told to the others. */
export interface ChannelFailed {
  readonly channel: string;
  readonly alert: { readonly id: string; readonly type: string };
  readonly attempts: number;
  readonly detail: string;
}

/** What an alert says, by its type. `sweep.anomaly` is not built yet. */
export type Message =
  | { readonly type: 'findings.changed'; readonly data: FindingsChanged }
  | { readonly type: 'sweep.incomplete'; readonly data: SweepIncomplete }
  | { readonly type: 'sweep.missed'; readonly data: SweepMissed }
  | { readonly type: 'channel.failed'; readonly data: ChannelFailed };

/**
 * One row of the outbox: a message for one channel. `eventIds` are the finding events that it
 * tells, in order; empty for messages that tell of none.
 */
export type PlannedAlert = Message & {
  readonly channel: string;
  readonly part: number;
  readonly parts: number;
  readonly eventIds: readonly string[];
};
