import { renderCount } from '../text/render-count.ts';
import type { FindingType } from './history/finding-type.ts';
import type { Facts } from './judgement.ts';

/** How many scopes a sentence names; the facts hold more. */
const named = 5;

/** The sentence for a violation of each type, made from the facts of its rule. */
const messages: { readonly [T in FindingType]: (facts: Facts) => string } = {
  stale: (facts) => {
    const idle = span(facts['idleDays']);
    const allowed = due(facts, 'limit') ?? `the limit is ${span(facts['allowedDays'])}`;
    return facts['countedFrom'] === 'createdOn'
      ? `never used since it was created ${idle} ago; ${allowed}`
      : `not used for ${idle}; ${allowed}`;
  },
  'never-used': (facts) => {
    const allowed = due(facts, 'grace') ?? `the grace is ${span(facts['graceDays'])}`;
    return `never used since it was created ${span(facts['ageDays'])} ago; ${allowed}`;
  },
  'too-old': (facts) => {
    const warning = due(facts, 'limit');
    if (warning !== undefined) return `${span(facts['ageDays'])} old; ${warning}`;
    const over = facts['ageDays'] === facts['allowedDays'] ? 'over ' : '';
    return `${over}${span(facts['ageDays'])} old; at most ${span(facts['allowedDays'])} is allowed`;
  },
  'over-scoped': (facts) =>
    [
      scopes(facts, 'forbidden', 'forbidden'),
      scopes(facts, 'notAllowed', 'not allowed'),
      scopes(facts, 'notApproved', 'not approved in the inventory'),
    ]
      .filter((part) => part !== '')
      .join('; '),
  'scope-drift': (facts) => {
    const since = facts['since'] === 'approved' ? 'the scopes approved' : 'the scopes first seen';
    return [scopes(facts, 'added', `added to ${since}`), scopes(facts, 'removed', 'gone')]
      .filter((part) => part !== '')
      .join('; ');
  },
  missing: () => 'the vendor knows no such key',
  reawakened: (facts) =>
    `used again after ${span(facts['idleDays'])} without use; it counts as dormant from ${span(facts['dormantDays'])} on`,
  'impossible-metadata': (facts) =>
    [facts['now'], facts['past']].flatMap((list) => (Array.isArray(list) ? list : [])).join('; '),
  unaudited: (facts) =>
    `nothing could be learned of it for ${span(facts['unknownDays'])}; the limit is ${span(facts['allowedDays'])}`,
  unowned: () => 'nobody is named as its owner in the inventory',
  naming: ({ name, pattern }) =>
    name === ''
      ? `it has no name; names are to be as ${String(pattern)}`
      : `its name is not as ${String(pattern)} has it: ${String(name)}`,
  expression: (facts) => String(facts['message']),
  'review-revoke': ({ by, review, reason }) =>
    `to be revoked, as ${String(by)} decided in review ${String(review)}: ${String(reason)}`,
};

/**
 * The sentence for a violation, without a full stop. It contains the vendor's text unchanged, so
 * every output must escape it for the place where it is printed.
 */
export function messageOf(type: FindingType, facts: Facts): string {
  return messages[type](facts);
}

/** How near the limit is, for an early warning. */
function due(facts: Facts, limit: 'limit' | 'grace'): string | undefined {
  const left = facts['dueInDays'];
  if (left === undefined) return undefined;
  const length = span(facts[limit === 'grace' ? 'graceDays' : 'allowedDays']);
  const end = limit === 'grace' ? 'is over' : 'is reached';
  return `the ${limit} of ${length} ${end} ${left === 0 ? 'now' : `in ${span(left)}`}`;
}

function scopes(facts: Facts, fact: string, word: string): string {
  const list = facts[fact];
  if (!Array.isArray(list) || list.length === 0) return '';
  const count = Number(facts[`${fact}Count`] ?? list.length);
  const more = count > named ? ` and ${count - named} more` : '';
  return `${word}: ${list.slice(0, named).join(', ')}${more}`;
}

/** Days in words. Less than a day is in hours or minutes, as such limits are written. */
function span(days: Facts[string] | undefined): string {
  const value = Number(days);
  if (value >= 1 || value === 0) return counted(value, 'day');
  if (value * 24 >= 1) return counted(value * 24, 'hour');
  return counted(value * 24 * 60, 'minute');
}

function counted(value: number, unit: string): string {
  const rounded = Math.round(value * 10) / 10;
  return renderCount(rounded, unit);
}
