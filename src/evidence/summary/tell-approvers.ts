import type { SignedApproval, WaiverSummary } from './summary.ts';

/** Somebody who is named as an approver, and whether they signed in and approved. */
export interface ToldApprover {
  /** As they signed in; else as the waiver names them. */
  readonly who: string;
  readonly signed: SignedApproval | undefined;
}

/** The approvers of a waiver, in its order. */
export function tellApprovers({ approvedBy, approvals }: WaiverSummary): readonly ToldApprover[] {
  return approvedBy.map((name) => {
    const signed = approvals.find(({ approver }) => approver === name);
    return { who: signed?.by ?? name, signed };
  });
}

/** For one line. */
export function describeApprovers(waiver: WaiverSummary): readonly string[] {
  return tellApprovers(waiver).map(({ who, signed }) =>
    signed === undefined ? who : `${who}, leaf ${signed.leaf}`,
  );
}
