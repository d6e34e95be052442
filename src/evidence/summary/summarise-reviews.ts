import type { LogEvent } from '../leaves/events.ts';
import type { NumberedLeaf } from '../leaves/numbered-leaf.ts';
import { isWithin, type Period } from '../period.ts';
import { describeLeafPerson } from './describe-leaf-person.ts';
import type { ReviewStep, ReviewSummary } from './summary.ts';

type Reviewed = Extract<LogEvent, { event: 'reviewed' }>;

/** The campaigns that were open at some time of the period, or were signed off in it. */
export function summariseReviews(
  leaves: readonly NumberedLeaf[],
  period: Period,
): readonly ReviewSummary[] {
  const reviews = new Map<string, ReviewSummary>();
  for (const { n, at, event } of leaves) {
    if (event.event !== 'reviewed') continue;
    const next = follow(reviews.get(event.review), event, { leaf: n, at });
    if (next !== undefined) reviews.set(event.review, next);
  }
  return [...reviews.values()].filter(({ opened, closed, signedOff }) => {
    const end = closed?.at ?? signedOff?.at;
    const wasOpen = opened.at < period.to && (end === undefined || end >= period.from);
    return wasOpen || (signedOff !== undefined && isWithin(period, signedOff.at));
  });
}

function follow(
  before: ReviewSummary | undefined,
  event: Reviewed,
  place: Pick<ReviewStep, 'leaf' | 'at'>,
): ReviewSummary | undefined {
  if (event.what === 'opened') {
    const { review, name, keys, answerBy, person } = event;
    const by = person === null ? undefined : describeLeafPerson(person);
    return {
      ...{ review, name, keys, opened: { ...place, by, reason: undefined } },
      ...{ answerBy: new Date(answerBy), decided: 0, answers: undefined },
      ...{ closed: undefined, signedOff: undefined },
    };
  }
  if (before === undefined) return undefined;
  if (event.what === 'decided') return { ...before, decided: before.decided + event.keys };
  const { person, reason, answers } = event;
  const step = { ...place, by: describeLeafPerson(person), reason };
  const ended = { ...before, answers };
  return event.what === 'closed' ? { ...ended, closed: step } : { ...ended, signedOff: step };
}
