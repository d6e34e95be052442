import type { Facts } from '../../evaluate/judgement.ts';
import { describeReviewPerson } from './describe-review-person.ts';
import type { ReviewDecision } from './review-model.ts';

/** A decision on a key. `id`: the campaign; `review`: its name in the configuration. */
export interface RevokedDecision extends Omit<ReviewDecision, 'at'> {
  readonly id: string;
  readonly review: string;
}

/** What alerts and findings say of a decision to revoke. */
export function factsOfRevoke({ id, review, reason, person }: RevokedDecision): Facts {
  return { review, campaign: id, by: describeReviewPerson(person), reason };
}

/**
 * What the event says that ends such a finding, in the form of an acknowledgement. Somebody with a
 * link is known by the address that it went to.
 */
export function noteOfKeeping({
  review,
  decision,
  reason: because,
  person,
}: RevokedDecision): Readonly<Record<string, string>> {
  const reason = `decided in review ${review} to ${decision} it: ${because}`;
  const { by, asserted, known, subject, mail } = person;
  if (known === 'link') return { by: describeReviewPerson(person), reason };
  return {
    ...{ by, known, reason },
    ...(asserted === null ? {} : { asserted }),
    ...(subject === null ? {} : { subject }),
    ...(mail === null ? {} : { mail }),
  };
}
