import { isSameName } from '../../evaluate/waivers/is-same-name.ts';
import { permits } from '../../options/roles.ts';
import { RequestRefused } from '../../record/store/errors.ts';
import type { ReviewPerson, ReviewSheet } from '../../report/review/review-model.ts';
import { AccessRefused, actorOf, type Caller, isSignedIn } from '../caller.ts';
import type { Means } from '../operation.ts';

type Owners = Means['config']['owners'];
type Asker = Pick<Caller, 'name' | 'role' | 'proof'>;

/** Whoever asks, as a campaign keeps it. */
export function personOf(caller: Caller, named: string | null | undefined): ReviewPerson {
  return { ...actorOf(caller, named), sentTo: null };
}

/**
 * The names by which whoever asks may stand among owners and reviewers: that of the token, or the
 * mail and the login at the provider. A name that nobody has checked is none, and neither is a login
 * that looks like a mail address: people may choose their logins.
 */
export function namesOf({ name, proof }: Asker): readonly string[] {
  if (proof === undefined) return [];
  if (proof.known === 'token') return [name];
  const login = proof.login?.includes('@') === true ? null : proof.login;
  return [proof.mail, login].filter((one) => one !== null);
}

/**
 * Whether whoever asks is a reviewer of this sheet. Case does not count in it. An address that the
 * configuration has replaced since gives no right, as its link gives none.
 */
function isReviewer(caller: Asker, sheet: ReviewSheet, owners: Owners): boolean {
  const own = namesOf(caller);
  return sheet.reviewers.some(({ name, mail }) => {
    const known = [name, owners.get(name)?.email ?? mail];
    return known.some((one) => one !== null && own.some((named) => isSameName(named, one)));
  });
}

/** Whether whoever asks may decide on the keys of this sheet: operators may on all. */
export function mayDecide(caller: Asker, sheet: ReviewSheet, owners: Owners): boolean {
  return permits(caller.role, 'write') || isReviewer(caller, sheet, owners);
}

/**
 * Throws `RequestRefused` for somebody who has not signed in, where `approvals: signed-in` says that
 * only people who have count. A link in a mail is no sign-in.
 */
export function assertCounts(
  caller: Caller | 'link',
  { approvals }: Pick<Means['config'], 'approvals'>,
): void {
  if (approvals === undefined || (caller !== 'link' && isSignedIn(caller))) return;
  throw new RequestRefused(
    'approvals: signed-in is set: sign in with a token of http.tokens or at the provider for this',
  );
}

/** Throws `AccessRefused` for a sheet that is not theirs. */
export function assertMayDecide(caller: Caller, sheet: ReviewSheet, owners: Owners): void {
  if (!mayDecide(caller, sheet, owners)) throw new AccessRefused(caller, 'review');
}
