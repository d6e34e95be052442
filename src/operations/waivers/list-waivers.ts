import type { Config } from '../../config/config.ts';
import { findWaiting, hashApproval } from '../../evaluate/waivers/approvals.ts';
import type { KeptApproval } from '../../record/approvals/read-approvals.ts';
import { lastDay } from '../../report/last-day.ts';
import type { ListedApproval, ListedWaiver } from '../../report/waivers/listed-waiver.ts';

/** The waivers of a policy with their approvals, in the order of the policy. */
export function listWaivers(
  { approvals, policy }: Pick<Config, 'approvals' | 'policy'>,
  given: readonly KeptApproval[],
): readonly ListedWaiver[] {
  const { waivers } = policy.policy;
  const waiting = approvals === undefined ? [] : findWaiting(waivers, given);
  const waitsFor = new Map(waiting.map(({ waiver, approvers }) => [waiver.id, approvers]));
  return waivers.map((waiver) => {
    const { id, rule, reason, requestedBy, approvedBy } = waiver;
    const hash = hashApproval(waiver);
    return {
      ...{ id, rule, hash, reason, requestedBy, approvedBy, lastDay: lastDay(waiver) },
      counts: !waitsFor.has(id),
      waitsFor: waitsFor.get(id) ?? [],
      approvals: given.filter((one) => one.hash === hash).map(toListed),
    };
  });
}

function toListed({ approver, by, known, subject, mail, at }: KeptApproval): ListedApproval {
  const person = { ...(subject === null ? {} : { subject }), ...(mail === null ? {} : { mail }) };
  return { approver, by, known, ...person, at: at.toISOString() };
}
