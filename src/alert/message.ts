import type { LapseCause } from '../evaluate/history/transition.ts';
import type { Facts } from '../evaluate/judgement.ts';
import type { Severity } from '../evaluate/policy/policy.ts';
import type { Coverage } from '../keys/coverage.ts';
import type { AlertedDetails } from '../keys/detail-fields.ts';
import type { UnknownReason } from '../keys/observation.ts';

/** A finding as receivers see it: a violation of the report, and what is known of its key. */
export interface AlertFinding extends AlertedDetails {
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

/** One part of what changed. The arrays are to be read in this order; all are always there. */
export interface FindingsChanged {
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
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
  readonly coverage: Coverage;
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

/** Why a full sweep changed so much, as far as it can be told. */
export type AnomalyCause =
  | 'policy-changed'
  | 'inventory-shrank'
  | 'keys-missing'
  | 'field-missing'
  | 'one-rule'
  | 'one-source'
  | 'unclear';

/** A full sweep whose changes are held back, for they are more than `anomaly.changed`. */
export interface SweepAnomaly {
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  /** Keys that had a verdict before and were heard of, and how many of them changed it. */
  readonly compared: number;
  readonly changed: number;
  /** Of the changed ones: to pass, to fail, waived, unknown, gone missing, gone from the inventory. */
  readonly turned: Readonly<
    Record<'pass' | 'fail' | 'waived' | 'unknown' | 'missing' | 'left', number>
  >;
  readonly cause: AnomalyCause;
  /** The cause in a sentence, for people. */
  readonly detail: string;
  /** How many changes of findings wait. */
  readonly held: number;
  /** The command that releases them. */
  readonly release: string;
}

/**
 * The holding of a sweep's changes has ended. People are told when they have gone back to what was
 * before; else the changes themselves are told, and only where an incident is open is this too.
 */
export interface SweepRecovered {
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  /** The sweep that was held. */
  readonly anomaly: string;
  readonly how: 'withdrawn' | 'confirmed' | 'released';
  /** Of how many findings the changes went back and are told to nobody. */
  readonly withdrawn: number;
}

/** Says that a channel works; nothing has happened. */
export interface TestMessage {
  readonly channel: string;
}

/** What an alert says, by its type. */
export type Message =
  | { readonly type: 'findings.changed'; readonly data: FindingsChanged }
  | { readonly type: 'sweep.incomplete'; readonly data: SweepIncomplete }
  | { readonly type: 'sweep.missed'; readonly data: SweepMissed }
  | { readonly type: 'sweep.anomaly'; readonly data: SweepAnomaly }
  | { readonly type: 'sweep.recovered'; readonly data: SweepRecovered }
  | { readonly type: 'channel.failed'; readonly data: ChannelFailed }
  | { readonly type: 'test'; readonly data: TestMessage };

/** The arrays of `findings.changed`, in the order in which receivers read them. */
export const changeArrays = ['opened', 'reopened', 'resolved', 'lapsed', 'reminders'] as const;

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
