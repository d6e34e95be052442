import type { Destinations } from '../destinations.ts';
import type { PlannedAlert } from '../message.ts';
import { mailOfOwner } from '../owner-channels.ts';
import { unsignedLink } from '../review-links.ts';
import type { AlertReview, AskedSheet, ReviewEscalated } from '../review-message.ts';

/** A campaign, as the records have it. */
export interface ReviewFacts {
  readonly id: string;
  readonly review: string;
  readonly openedAt: Date;
  readonly answerBy: Date;
}

/** A sheet that a reviewer is asked about. `linkId`: of the link for this reviewer and sheet. */
export interface WaitingSheet extends Omit<AskedSheet, 'link'> {
  readonly linkId: string;
}

/** A longer mail would not be read. */
const mostSheets = 100;
const alone = { part: 1, parts: 1, eventIds: [] } as const;

type ReviewDestinations = Pick<Destinations, 'publicUrl' | 'formats' | 'reviewLinks'>;

/** A mail to one reviewer; none if nobody can write to this reviewer, or if nothing waits. */
export function planReviewAsked(
  facts: ReviewFacts,
  asked: {
    readonly reviewer: string;
    readonly reminder: boolean;
    readonly sheets: readonly WaitingSheet[];
  },
  destinations: ReviewDestinations,
): readonly PlannedAlert[] {
  const { reviewer, reminder, sheets } = asked;
  const channel = mailOfOwner(reviewer);
  if (sheets.length === 0 || !destinations.formats.has(channel)) return [];
  const { publicUrl, reviewLinks } = destinations;
  const hasLinks = publicUrl !== undefined && reviewLinks === true;
  const shown = sheets.slice(0, mostSheets).map(({ linkId, ...sheet }) => ({
    ...sheet,
    link: hasLinks ? unsignedLink(publicUrl, linkId) : null,
  }));
  const omitted = sheets.length - shown.length;
  const data = {
    review: toAlertReview(facts, publicUrl),
    reviewer,
    reminder,
    sheets: shown,
    omitted,
    unanswered: sheets.reduce((sum, sheet) => sum + sheet.unanswered, 0),
  };
  return [{ type: 'review.asked', data, ...alone, channel }];
}

/** `owners`: those with keys that this is about. */
export function planReviewEscalated(
  facts: ReviewFacts,
  said: Pick<ReviewEscalated, 'because' | 'keys' | 'owners'>,
  channel: string | undefined,
  { publicUrl, formats }: ReviewDestinations,
): readonly PlannedAlert[] {
  const unanswered = said.owners.reduce((sum, owner) => sum + owner.unanswered, 0);
  const isNothing = unanswered === 0 && said.because !== 'no-key';
  if (channel === undefined || !formats.has(channel) || isNothing) return [];
  const worstFirst = [...said.owners].sort((one, other) => other.unanswered - one.unanswered);
  const owners = worstFirst.slice(0, mostSheets);
  const data = {
    ...{ review: toAlertReview(facts, publicUrl), because: said.because, keys: said.keys },
    ...{ unanswered, owners, omitted: worstFirst.length - owners.length },
  };
  return [{ type: 'review.escalated', data, ...alone, channel }];
}

function toAlertReview(
  { id, review, openedAt, answerBy }: ReviewFacts,
  publicUrl: string | undefined,
): AlertReview {
  const page = publicUrl === undefined ? null : `${publicUrl.replace(/\/+$/, '')}/reviews/${id}`;
  return {
    ...{ id, review, page },
    openedAt: openedAt.toISOString(),
    answerBy: answerBy.toISOString(),
  };
}
