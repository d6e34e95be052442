import { z } from 'zod';
import { duration, parseDuration } from '../../evaluate/policy/duration.ts';
import { id } from '../../evaluate/policy/id.ts';
import { match } from '../../evaluate/policy/match-schema.ts';
import { plainText } from '../../evaluate/policy/plain-text.ts';
import { checked, secret } from '../../options/checked.ts';
import { wrongCron, wrongTimeZone } from '../cron.ts';

/** The clock looks every minute, so that a shorter interval could not be kept. */
const shortestMs = 60_000;

/** What is wrong with the time between two campaigns: a duration or a cron line. */
function wrongEvery(text: string): string | undefined {
  if (!/^\d+[a-z]?$/.test(text)) return wrongCron(text);
  const ms = parseDuration(text);
  if (ms === undefined) {
    return 'must be a whole, positive duration such as 12h, 90d or 2w (at most 36500d), or a cron line';
  }
  return ms < shortestMs ? 'must be at least 1m' : undefined;
}

const review = z.strictObject({
  id,
  every: checked(wrongEvery).optional(),
  timezone: checked(wrongTimeZone).default('UTC'),
  of: match.optional(),
  reviewers: z
    .union(
      [
        z.literal('owner'),
        z.array(plainText(500)).min(1, 'must name at least one reviewer').max(100),
      ],
      'must be owner, or a list of names',
    )
    .default('owner'),
  due: duration.default(14 * 86_400_000),
  remind: z.array(duration).max(20).default([]),
  escalateTo: id.optional(),
});

/** See docs/reviews.md. */
export const reviewsSchema = z.array(review).max(100).default([]);

/** A short key could be guessed from the links that it signed. */
const shortestKey = 32;

/** The key that signs the links in mails to reviewers. */
export const reviewLinksSchema = z.strictObject({
  key: secret.min(shortestKey, `must have at least ${shortestKey} characters`),
});

export type ReviewFile = z.output<typeof review>;
