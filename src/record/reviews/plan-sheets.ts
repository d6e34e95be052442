import type { OwnerConfig } from '../../alert/alerts-config.ts';
import type { ReviewConfig } from '../../config/reviews/reviews-config.ts';
import { compareCodePoints } from '../../text/compare-code-points.ts';

/** Who is asked, and the mail address, if there is one. */
export interface PlannedReviewer {
  readonly name: string;
  readonly mail: string | null;
}

/** The keys of one owner, and who is asked about them. */
export interface PlannedSheet<Key> {
  readonly owner: string | null;
  readonly keys: readonly Key[];
  readonly reviewers: readonly PlannedReviewer[];
}

export interface SheetTerms {
  readonly reviewers: ReviewConfig['reviewers'];
  readonly owners: ReadonlyMap<string, Pick<OwnerConfig, 'email'>>;
}

/**
 * One sheet for each owner, in the order of their names; keys without an owner come last, and keep
 * their order within a sheet. Nobody answers for keys without an owner, unless reviewers are named.
 */
export function planSheets<Key extends { readonly owner: string | null }>(
  keys: readonly Key[],
  terms: SheetTerms,
): readonly PlannedSheet<Key>[] {
  const byOwner = new Map<string | null, Key[]>();
  for (const key of keys) {
    const others = byOwner.get(key.owner);
    if (others === undefined) byOwner.set(key.owner, [key]);
    else others.push(key);
  }
  return [...byOwner]
    .sort(([one], [other]) => compareOwners(one, other))
    .map(([owner, its]) => ({ owner, keys: its, reviewers: listReviewers(owner, terms) }));
}

function compareOwners(one: string | null, other: string | null): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  return compareCodePoints(one, other);
}

function listReviewers(
  owner: string | null,
  { reviewers, owners }: SheetTerms,
): readonly PlannedReviewer[] {
  const owned = owner === null ? [] : [owner];
  const names = reviewers === 'owner' ? owned : reviewers;
  return names.map((name) => ({ name, mail: owners.get(name)?.email ?? null }));
}
