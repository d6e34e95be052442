import { wholeDays } from '../../keys/days.ts';
import type { FindingChange, SweepChanges } from '../changes.ts';
import type { LogEvent } from '../leaves/events.ts';
import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import { isWithin, type Period } from '../period.ts';
import type { ClosedSweepLeaf } from '../sweeps/closed-sweeps.ts';
import { describeLeafPerson } from './describe-leaf-person.ts';
import type { PoliciesRead } from './read-policies.ts';
import type { FindingSummary } from './summary.ts';
import { type Covers, WaiversInForce } from './waivers-in-force.ts';

export interface FindingsInput {
  readonly leaves: readonly NumberedLeaf[];
  /** The sweeps of the period. */
  readonly sweeps: readonly ClosedSweepLeaf[];
  readonly changes: ReadonlyMap<number, SweepChanges>;
  readonly period: Period;
  readonly asOf: Date;
}

type Acknowledgement = Extract<LogEvent, { event: 'acknowledged' }>;

/** A finding from an opening to its closing. */
type Followed = { -readonly [Part in keyof FindingSummary]: FindingSummary[Part] };

/**
 * Follows each finding that a sweep of the period opened, closed or waived, or that somebody
 * acknowledged in it, in the order of the log. One that opens again is followed anew.
 */
export function followFindings(
  { leaves, sweeps, changes, period, asOf }: FindingsInput,
  policies: Pick<PoliciesRead, 'controls' | 'waivedKeys'>,
): readonly FindingSummary[] {
  const ofPeriod = new Set(sweeps.map(({ n }) => n));
  const followed = new FollowedFindings();
  const waivers = new WaiversInForce(policies);
  for (const { n, at, event } of leaves) {
    const isLeft = waivers.follow(event);
    if (at < period.to) followed.expire(isLeft);
    if (ofPeriod.has(n)) followed.sweep(n, changes.get(n)?.events ?? []);
    else if (event.event === 'acknowledged' && isWithin(period, at)) {
      followed.acknowledge(n, at, event, policies.controls.get(event.rule) ?? []);
    }
  }
  return followed.all.map((one) => ({ ...one, days: daysOf(one, asOf) })).sort(byOpening);
}

class FollowedFindings {
  readonly all: Followed[] = [];
  readonly #open = new Map<string, Followed>();

  sweep(n: number, changes: Iterable<FindingChange>): void {
    for (const change of changes) this.#change(n, change);
  }

  #change(n: number, change: FindingChange): void {
    const { kind, resolution, at } = change;
    const one = begins(change)
      ? this.#start(change, n)
      : (this.#open.get(change.finding) ?? this.#start(change, undefined));
    if (kind === 'resolved') this.#close(one, { leaf: n, at: new Date(at), because: resolution });
    else one.state = kind === 'waived' ? 'waived' : 'open';
  }

  /** The last day of a waiver ended between two sweeps, so no sweep says that findings opened. */
  expire(isLeft: Covers | undefined): void {
    if (isLeft === undefined) return;
    for (const one of this.#open.values()) {
      if (one.state === 'waived' && isLeft(one)) one.state = 'open';
    }
  }

  /** `controls`: those of its rule, for a finding of which nothing else is known. */
  acknowledge(leaf: number, at: Date, event: Acknowledgement, controls: readonly string[]): void {
    const { finding, source, keyId, rule } = event;
    const one =
      this.#open.get(finding) ??
      this.#follow({
        ...{ finding, source, keyId, rule, controls },
        ...{ severity: undefined, since: undefined, openedLeaf: undefined },
      });
    this.#close(one, { leaf, at, because: 'acknowledged' });
    one.by = describeLeafPerson(event);
  }

  #start(change: FindingChange, openedLeaf: number | undefined): Followed {
    const { finding, source, keyId, rule, severity, controls } = change;
    const since = new Date(change.since);
    return this.#follow({ finding, source, keyId, rule, severity, controls, since, openedLeaf });
  }

  #follow(begun: Omit<Followed, keyof typeof unclosed>): Followed {
    const one: Followed = { ...begun, ...unclosed };
    this.all.push(one);
    this.#open.set(one.finding, one);
    return one;
  }

  #close(one: Followed, { leaf, at, because }: Closing): void {
    this.#open.delete(one.finding);
    one.state = 'closed';
    one.closedAt = at;
    one.closedLeaf = leaf;
    one.because = because ?? undefined;
  }
}

interface Closing {
  readonly leaf: number;
  readonly at: Date;
  readonly because: string | null;
}

/** Whether the finding was not there before, or was resolved. */
function begins({ kind, since, at }: FindingChange): boolean {
  return since === at && kind !== 'resolved' && kind !== 'lapsed';
}

const unclosed = {
  state: 'open',
  closedAt: undefined,
  closedLeaf: undefined,
  because: undefined,
  by: undefined,
  days: undefined,
} as const;

function daysOf({ since, closedAt }: Followed, asOf: Date): number | undefined {
  if (since === undefined) return undefined;
  return Math.max(0, wholeDays((closedAt ?? asOf).getTime() - since.getTime()));
}

/** The oldest opening first; at the end what is not known to have been opened. */
function byOpening(one: FindingSummary, other: FindingSummary): number {
  const [a, b] = [one.since?.getTime() ?? Infinity, other.since?.getTime() ?? Infinity];
  if (a !== b) return a < b ? -1 : 1;
  if (one.finding === other.finding) return 0;
  return one.finding < other.finding ? -1 : 1;
}
