import { hashApproved } from '../../evaluate/waivers/hash-approved.ts';
import type { LogEvent } from '../leaves/events.ts';
import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import type { Period } from '../period.ts';
import { describeLeafPerson } from './describe-leaf-person.ts';
import type { PoliciesRead } from './read-policies.ts';
import type { SignedApproval, WaiverSummary } from './summary.ts';
import { endOf } from './tell-waiver.ts';

type Policies = Pick<PoliciesRead, 'controls' | 'waivedKeys'>;
type Ended = WaiverSummary['ended'];

/** A waiver, and what its leaf calls it. */
interface SetWaiver {
  readonly hash: string;
  readonly waiver: Omit<WaiverSummary, 'approvals'>;
}

/** The waivers that were in force at some time of the period, in the order of their leaves. */
export function summariseWaivers(
  leaves: readonly NumberedLeaf[],
  { from, to }: Period,
  policies: Policies,
): readonly WaiverSummary[] {
  const approvals = readApprovals(leaves);
  return readWaivers(leaves, policies)
    .filter(({ waiver }) => waiver.from < to && endOf(waiver) > from)
    .map(({ hash, waiver }) => ({
      ...waiver,
      approvals: approvals.get(hashSigned(hash, waiver, policies) ?? '') ?? [],
    }));
}

/** What its approvers signed; undefined where the keys that it names are not known. */
function hashSigned(
  hash: string,
  { keys }: SetWaiver['waiver'],
  { waivedKeys }: Policies,
): string | undefined {
  if (keys === null) return hashApproved(hash, undefined);
  const named = waivedKeys.get(hash);
  return named && hashApproved(hash, named);
}

function readWaivers(
  leaves: readonly NumberedLeaf[],
  { controls }: Policies,
): readonly SetWaiver[] {
  const all: SetWaiver[] = [];
  const places = new Map<string, number>();
  for (const { n, at, event } of leaves) {
    if (event.event === 'waiver-set') {
      places.set(event.hash, all.length);
      const waiver = readWaiver(n, at, event, controls.get(event.rule) ?? []);
      all.push({ hash: event.hash, waiver });
    } else if (event.event === 'waiver-ended') {
      const place = places.get(event.hash) ?? -1;
      const set = all[place];
      const ended: Ended = { at, leaf: n, because: event.because };
      if (set !== undefined) all[place] = { ...set, waiver: { ...set.waiver, ended } };
    }
  }
  return all;
}

function readWaiver(
  leaf: number,
  from: Date,
  event: Extract<LogEvent, { event: 'waiver-set' }>,
  controls: readonly string[],
): SetWaiver['waiver'] {
  const { waiver, rule, keys, requestedBy, approvedBy, reason, expires } = event;
  return {
    ...{ leaf, waiver, rule, keys, requestedBy, approvedBy, reason, from },
    ...{ controls, ended: undefined, expires: new Date(expires) },
  };
}

/**
 * Who signed in and approved, by what they approved (`hashApproved`). People approve a waiver before
 * the first sweep that it counts in, so before the log says that it was set.
 */
function readApprovals(
  leaves: readonly NumberedLeaf[],
): ReadonlyMap<string, readonly SignedApproval[]> {
  const approvals = new Map<string, readonly SignedApproval[]>();
  for (const { n: leaf, at, event } of leaves) {
    if (event.event !== 'waiver-approved') continue;
    const { hash, approver } = event;
    const approval = { leaf, at, approver, by: describeLeafPerson(event) };
    approvals.set(hash, [...(approvals.get(hash) ?? []), approval]);
  }
  return approvals;
}
