import type { ReviewPerson } from './review-model.ts';

/**
 * Every name that somebody in a campaign has, also one that nobody has checked: it shows whether two
 * may be the same person, and gives no right. The name of a login ends with what never changes.
 */
export function namesOfPerson(person: ReviewPerson): readonly string[] {
  const { by, known, asserted, subject, mail, sentTo } = person;
  const end = known === 'oidc' ? by.lastIndexOf(` (${subject?.slice(0, 80) ?? ''}`) : by.length;
  const names = [by, by.slice(0, Math.max(end, 0)), asserted, subject, mail, sentTo];
  return names.filter((name) => name !== null && name !== '') as string[];
}
