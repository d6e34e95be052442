import type { LapseCause } from '../evaluate/history/transition.ts';
import type { Facts } from '../evaluate/judgement.ts';
import type { Severity } from '../evaluate/policy/policy.ts';
import type { Coverage } from '../keys/coverage.ts';
import type { AlertedDetails } from '../keys/detail-fields.ts';
import type { UnknownReason } from '../keys/observation.ts';
import type { NamedPerson } from '../report/people/named-person.ts';
import type { ReviewAsked, ReviewEscalated } from './review-message.ts';

/** A finding as receivers see it: the reported violation and the known details of its key. */
export interface BareFinding extends AlertedDetails {
  readonly fingerprint: string;
  readonly rule: string;
  readonly type: string;
  readonly severity: Severity;
  readonly status: 'open' | 'waived' | 'resolved';
  /** Why it ended; null if it has not ended. */
  readonly resolution: string | null;
  readonly source: string;
  readonly keyId: string;
  readonly message: string;
  readonly facts: Facts;
  readonly controls: readonly string[];
  /** The id of the waiver that covers it, or null. */
  readonly waiver: string | null;
  /** For a lapsed finding: what was waived, and why the waiver no longer covers it. */
  readonly lapse: Lapse | null;
  /** Who ended it, when and why; null unless the resolution is `acknowledged`. */
  readonly acknowledgement: AlertedAcknowledgement | null;
  /** RFC 3339. */
  readonly firstSeen: string;
  /** Present where the sweep that first saw it was simulated. */
  readonly firstSeenSimulated?: true;
  /** RFC 3339; null: never used; absent where it is not known. */
  readonly lastUsed?: string | null | undefined;
  /** Null where they are not known. */
  readonly scopes: readonly string[] | null;
  readonly owner: string | null;
  readonly environment: string | null;
}

/** `at`: RFC 3339. */
export interface AlertedAcknowledgement extends NamedPerson {
  readonly at: string;
  readonly reason: string;
}

/** What to do about a finding; all are null if it is not open. */
export interface Advice {
  /** The remedy for its rule, in one line. */
  readonly remedy: string | null;
  /** What to run: an event is acknowledged, a state is mended and audited again. */
  readonly command: string | null;
  /** The page of its key, if there is a server with pages. */
  readonly link: string | null;
}

export type AlertFinding = BareFinding & Advice;

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
  /** Present where `keysweep demo` invented the sweep. */
  readonly simulated?: true;
}

/** One part of the changes. Receivers read the arrays in this order; every array is present. */
export interface FindingsChanged {
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  readonly part: number;
  readonly parts: number;
  readonly opened: readonly AlertFinding[];
  readonly reopened: readonly AlertFinding[];
  readonly resolved: readonly AlertFinding[];
  readonly lapsed: readonly AlertFinding[];
  /** Covered by a waiver from now on; an earlier message has opened them. */
  readonly waived: readonly AlertFinding[];
  readonly reminders: readonly AlertFinding[];
}

/** A key without a verdict: nothing could be learned about it, or one of its rules is unknown. */
export interface AlertUnknown {
  readonly source: string;
  readonly keyId: string;
  /** The unknown rule; null if nothing could be learned. */
  readonly rule: string | null;
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

/** Missed ticks of a schedule, which started no sweep. Instants are RFC 3339. */
export interface SweepMissed {
  readonly schedule: string;
  readonly count: number;
  readonly firstDueAt: string;
  readonly lastDueAt: string;
}

/** A changed policy or inventory that cannot be used; the one before stays in use. */
export interface ConfigRejected {
  readonly kind: 'policy' | 'inventory';
  /** As keysweep.yaml names them. */
  readonly files: readonly string[];
  /** The first mistakes, as `config validate` prints them; `omitted` counts the others. */
  readonly mistakes: readonly string[];
  readonly omitted: number;
}

/** A changed inventory that drops so many tracked keys that it is not used until it is accepted. */
export interface InventoryHeld {
  /** As keysweep.yaml names them. */
  readonly files: readonly string[];
  /** The store, without credentials. */
  readonly store: string;
  /** Keys that are tracked now, those of them that the inventory lists, and all that it lists. */
  readonly tracked: number;
  readonly kept: number;
  readonly listed: number;
  /** The command that accepts the inventory. */
  readonly accept: string;
}

/** An alert that a channel did not accept, reported to the other channels. */
export interface ChannelFailed {
  readonly channel: string;
  readonly alert: { readonly id: string; readonly type: string };
  readonly attempts: number;
  readonly detail: string;
}

/** The likely cause of the many changes in a full sweep. */
export type AnomalyCause =
  | 'policy-changed'
  | 'inventory-shrank'
  | 'keys-missing'
  | 'field-missing'
  | 'facts-changed'
  | 'one-rule'
  | 'one-source'
  | 'unclear';

/** A full sweep whose changes are held, because they exceed `anomaly.changed`. */
export interface SweepAnomaly {
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  /** Keys with an earlier verdict that answered now or left, and how many of them changed. */
  readonly compared: number;
  readonly changed: number;
  /**
   * The new states of the changed keys, including missing keys and keys that left the inventory.
   */
  readonly turned: Readonly<
    Record<'pass' | 'fail' | 'waived' | 'unknown' | 'missing' | 'left', number>
  >;
  readonly cause: AnomalyCause;
  /** The cause in a sentence, for people. */
  readonly detail: string;
  /** The number of held changes. */
  readonly held: number;
  /** The command that releases them. */
  readonly release: string;
}

/**
 * A sweep's changes are held no longer. If they went back, all channels are alerted. Otherwise the
 * changes themselves are alerted, and only channels with an open incident get this message too.
 */
export interface SweepRecovered {
  readonly sweep: AlertSweep;
  readonly coverage: Coverage;
  /** The sweep that was held. */
  readonly anomaly: string;
  readonly how: 'withdrawn' | 'confirmed' | 'released';
  /** The number of findings whose changes went back; they are not alerted. */
  readonly withdrawn: number;
}

/** Confirms that a channel works; it reports no event. */
export interface TestMessage {
  readonly channel: string;
}

/** The content of an alert, by its type. */
export type Message =
  | { readonly type: 'findings.changed'; readonly data: FindingsChanged }
  | { readonly type: 'sweep.incomplete'; readonly data: SweepIncomplete }
  | { readonly type: 'sweep.missed'; readonly data: SweepMissed }
  | { readonly type: 'sweep.anomaly'; readonly data: SweepAnomaly }
  | { readonly type: 'sweep.recovered'; readonly data: SweepRecovered }
  | { readonly type: 'config.rejected'; readonly data: ConfigRejected }
  | { readonly type: 'inventory.held'; readonly data: InventoryHeld }
  | { readonly type: 'channel.failed'; readonly data: ChannelFailed }
  | { readonly type: 'review.asked'; readonly data: ReviewAsked }
  | { readonly type: 'review.escalated'; readonly data: ReviewEscalated }
  | { readonly type: 'test'; readonly data: TestMessage };

/** The arrays of `findings.changed`, in the order in which receivers read them. */
export const changeArrays = [
  'opened',
  'reopened',
  'resolved',
  'lapsed',
  'waived',
  'reminders',
] as const;

/**
 * One row of the outbox: a message for one channel. `eventIds` are the finding events that it
 * reports, in order; empty if it reports none.
 */
export type PlannedAlert = Message & {
  readonly channel: string;
  readonly part: number;
  readonly parts: number;
  readonly eventIds: readonly string[];
};
