import type { Policy } from '../policy/policy.ts';
import { hashWaiver } from './compile-waivers.ts';
import { hashApproved } from './hash-approved.ts';
import type { Waiver } from './waiver.ts';

/** That somebody who signed in approved a waiver in the place of one of its `approvedBy`. */
export interface Approval {
  /** Of what was approved; see `hashApproval`. */
  readonly hash: string;
  /** The name in `approvedBy`. */
  readonly approver: string;
}

/**
 * The identity of what somebody approves, 64 hex digits: all that a waiver says, with its keys. So
 * another key, reason, approver or day needs a new approval.
 */
export function hashApproval(waiver: Waiver): string {
  return hashApproved(hashWaiver(waiver), waiver.keys);
}

/** A waiver with those of its approvers who have not approved it. */
export interface WaitingWaiver {
  readonly waiver: Waiver;
  readonly approvers: readonly string[];
}

/** The waivers that not all of their approvers have approved, in their order. */
export function findWaiting(
  waivers: readonly Waiver[],
  approvals: readonly Approval[],
): readonly WaitingWaiver[] {
  const given = new Set(approvals.map(nameOf));
  return waivers.flatMap((waiver) => {
    const hash = hashApproval(waiver);
    const approvers = waiver.approvedBy.filter(
      (approver) => !given.has(nameOf({ hash, approver })),
    );
    return approvers.length === 0 ? [] : [{ waiver, approvers: [...new Set(approvers)] }];
  });
}

function nameOf({ hash, approver }: Approval): string {
  return `${hash} ${approver}`;
}

/** The ids of the waivers that count. */
export function listApproved(
  waivers: readonly Waiver[],
  approvals: readonly Approval[],
): readonly string[] {
  const waiting = new Set(findWaiting(waivers, approvals).map(({ waiver }) => waiver.id));
  return waivers.flatMap(({ id }) => (waiting.has(id) ? [] : [id]));
}

/**
 * The policy with the waivers that count: those with the ids `approved`, or all where that is null,
 * because nobody has to sign in to approve. The others stand in `waiting`, and cover nothing.
 */
export function settleWaivers(policy: Policy, approved: readonly string[] | null): Policy {
  if (approved === null) return policy;
  const ids = new Set(approved);
  const isApproved = ({ id }: Waiver) => ids.has(id);
  return {
    ...policy,
    waivers: policy.waivers.filter(isApproved),
    waiting: policy.waivers.filter((waiver) => !isApproved(waiver)),
  };
}

/** “waiver W-12 waits for approval by bob” */
export function describeWaiting(id: string, approvers: readonly string[]): string {
  return `waiver ${id} waits for approval by ${approvers.join(' and ')}`;
}
