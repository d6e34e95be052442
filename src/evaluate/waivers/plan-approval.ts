import type { Approval } from './approvals.ts';
import { isSameName } from './is-same-name.ts';
import { plainName } from './plain-name.ts';
import type { Waiver } from './waiver.ts';

/** Somebody who signed in. */
export interface Approver {
  /** Under which a policy may name them as approvers. */
  readonly names: readonly string[];
  /** Every name that they have: under none of these may they have asked for the waiver. */
  readonly allNames: readonly string[];
  /** The login, of which each may approve a waiver once. */
  readonly person: string;
}

/** An approval of the waiver that is kept. */
export type GivenApproval = Pick<Approval, 'approver'> & { readonly person: string };

export type PlannedApproval =
  | { readonly kind: 'approve' | 'before'; readonly approver: string }
  | { readonly kind: 'refuse'; readonly why: string };

/**
 * Whether this person approves the waiver now, has approved it before, or may not: whoever asked for
 * it, whoever is not among `approvedBy`, and whoever approved it in the place of another. In doubt
 * two names are one person's where that refuses, and two persons' where it would approve.
 */
export function planApproval(
  { id, requestedBy, approvedBy }: Waiver,
  { names, allNames, person }: Approver,
  given: readonly GivenApproval[],
): PlannedApproval {
  const before = given.find((one) => one.person === person);
  if (before !== undefined) return { kind: 'before', approver: before.approver };
  const refuse = (why: string): PlannedApproval => ({ kind: 'refuse', why });
  const own = [...names, ...allNames].map(plainName);
  if (own.includes(plainName(requestedBy))) {
    return refuse(`you asked for waiver ${id}, so somebody else has to approve it`);
  }
  const places = approvedBy.filter((approver) => names.some((name) => isSameName(name, approver)));
  const taken = new Set(given.map(({ approver }) => approver));
  const free = places.find((approver) => !taken.has(approver));
  if (free !== undefined) return { kind: 'approve', approver: free };
  if (places.length > 0) return refuse(`somebody else has approved waiver ${id} in this name`);
  const who = names.length === 0 ? 'nobody that a policy can name' : names.join(' or ');
  return refuse(
    `waiver ${id} is to be approved by ${approvedBy.join(' and ')}; you are signed in as ${who}`,
  );
}
