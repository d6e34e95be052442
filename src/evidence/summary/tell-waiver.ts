import { lastDay } from '../../report/last-day.ts';
import { renderDay } from '../../report/render-instant.ts';
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

/** Said of an approver whose approval the log does not have. */
export const onlyNamed = 'named in the policy';

/** What it means that an approver is only named. */
export const aboutNamed =
  'An approver without a leaf is only named in the policy. Where approvals have to be signed in, such a waiver covers nothing.';

type Ending = Pick<WaiverSummary, 'ended' | 'expires'>;

/** When a waiver is over. A leaf about its last day is written later, at times much later. */
export function endOf(waiver: Ending): Date {
  const { ended, expires } = waiver;
  return ended !== undefined && ended.at < expires ? ended.at : expires;
}

/** The last day (UTC) on which it was in force. */
export function lastDayOf(waiver: Ending): string {
  const end = endOf(waiver);
  return end === waiver.expires ? lastDay(waiver) : renderDay(end);
}
