import { describeKnown } from '../people/named-person.ts';
import type { ReviewPerson } from './review-model.ts';

/** Who it was and how they were known: `payments (by link sent to pay@shop.example)`. */
export function describeReviewPerson(person: ReviewPerson): string {
  return `${person.by} (${describeWay(person)})`;
}

/** How somebody was known, without the name. */
export function describeWay({ known, sentTo, ...person }: ReviewPerson): string {
  return known === 'link' ? `by link sent to ${sentTo}` : describeKnown({ ...person, known });
}
