import { describePerson } from '../people/named-person.ts';
import type { ListedWaiver } from './listed-waiver.ts';

/** Who approved a waiver, and whom it waits for. */
export function describeApprovals({ approvedBy, approvals, waitsFor }: ListedWaiver): string {
  if (waitsFor.length === 0 && approvals.length === 0) return `${approvedBy.join(', ')} (asserted)`;
  return [
    ...approvals.map((approval) => describePerson(approval)),
    ...(waitsFor.length === 0 ? [] : [`waits for ${waitsFor.join(' and ')}`]),
  ].join('; ');
}
