import { createReviewLinks, type ReviewLinks } from '../alert/review-links.ts';
import type { AppOptions } from './app-options.ts';

/** Undefined where mails to reviewers hold no links. */
export function openReviewLinks(
  { http }: AppOptions['config'],
  { reviewLinkKey }: AppOptions['secrets'],
): ReviewLinks | undefined {
  const publicUrl = http?.publicUrl;
  if (reviewLinkKey === undefined || publicUrl === undefined) return undefined;
  return createReviewLinks(reviewLinkKey, publicUrl);
}
