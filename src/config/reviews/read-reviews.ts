import { parseDuration } from '../../evaluate/policy/duration.ts';
import type { ReviewConfig, ReviewEvery } from './reviews-config.ts';
import type { ReviewFile } from './reviews-schema.ts';

export function readReviewConfig(file: ReviewFile): ReviewConfig {
  const { id, of, reviewers, due, remind, escalateTo } = file;
  return {
    id,
    every: readEvery(file),
    of,
    reviewers: reviewers === 'owner' ? reviewers : [...new Set(reviewers)],
    dueMs: due,
    remindMs: [...new Set(remind)].sort((one, other) => other - one),
    escalateTo,
  };
}

function readEvery({ every, timezone }: ReviewFile): ReviewEvery | undefined {
  if (every === undefined) return undefined;
  const ms = parseDuration(every);
  return ms === undefined ? { kind: 'cron', cron: every, timezone } : { kind: 'interval', ms };
}

/** The reviewers who are named by a mail address. */
export function mailedReviewers(reviews: readonly ReviewFile[]): readonly string[] {
  const named = reviews.flatMap(({ reviewers }) => (reviewers === 'owner' ? [] : reviewers));
  return [...new Set(named.filter(isMailAddress))];
}

export function isMailAddress(name: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(name);
}
