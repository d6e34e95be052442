import { renderCount } from '../../text/render-count.ts';
import { renderDay, renderInstant } from '../render-instant.ts';
import { describeReviewPerson } from './describe-review-person.ts';
import type {
  ListedForReview,
  ListedReview,
  ReviewAnswer,
  ReviewDecision,
} from './review-model.ts';

/** How an answer is called in a sentence. */
export const answerWords: Readonly<Record<ReviewAnswer, string>> = {
  keep: 'keep',
  reduce: 'reduce',
  revoke: 'revoke',
  'not-mine': 'not mine',
  unanswered: 'unanswered',
};

/** The answers of a campaign in a line, with what is missing first. */
export function countAnswers({ keys, answers }: Pick<ListedReview, 'keys' | 'answers'>): string {
  const answered = keys - answers.unanswered;
  const { keep, reduce, revoke } = answers;
  const said = [
    `${keep} keep`,
    `${reduce} reduce`,
    `${revoke} revoke`,
    `${answers['not-mine']} not mine`,
  ];
  return `${answered} of ${renderCount(keys, 'key')} answered: ${said.join(', ')}; ${answers.unanswered} unanswered`;
}

/** Whether a campaign is open, and who ended it how. */
export function describeStatus(review: ListedReview): string {
  const { status, answerBy, closedAt, closedBy, closedReason, signature } = review;
  if (signature !== null) {
    const { person, at, reason } = signature;
    return `signed off by ${describeReviewPerson(person)} at ${renderInstant(at)}: ${reason}`;
  }
  if (status === 'open' || closedAt === null)
    return `open, answers are due until ${renderDay(answerBy)}`;
  const who = closedBy === null ? '' : ` by ${describeReviewPerson(closedBy)}`;
  return `closed${who} at ${renderInstant(closedAt)}, not signed off: ${closedReason ?? ''}`;
}

/** Why a campaign opened. */
export function describeOpening({ trigger, dueAt, passedOver, openedBy }: ListedReview): string {
  if (openedBy !== null) return `asked for by ${describeReviewPerson(openedBy)}`;
  const due = dueAt === null ? '' : `, due at ${renderInstant(dueAt)}`;
  const late = trigger === 'catch-up' ? ', late' : '';
  const before =
    passedOver === 0
      ? ''
      : `; ${renderCount(passedOver, 'earlier one', 'earlier ones')} passed over`;
  return `by schedule${due}${late}${before}`;
}

/** Who decided on a key, when and why. */
export function describeDecider({ person, at, reason }: ReviewDecision): string {
  return `${describeReviewPerson(person)} on ${renderDay(at)}: ${reason}`;
}

/** When a key was last used, as the campaign lists it. */
export function describeListedUse({ lastUsed, missing }: ListedForReview): string {
  if (missing === true) return 'gone at the vendor';
  if (lastUsed === undefined) return 'last use unknown';
  return lastUsed === null ? 'never used' : `last used ${lastUsed.slice(0, 10)}`;
}
