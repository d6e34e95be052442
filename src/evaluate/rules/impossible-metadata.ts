import { findContradictions, findRevisions } from '../contradictions.ts';
import { joinPast } from '../history/events.ts';
import { pass, type Rule, type Subject, unreadable, violation } from '../rule.ts';

/**
 * Fails when the vendor's data contradicts itself. `now` holds contradictions within one answer;
 * they go when the vendor corrects them. `past` holds contradictions with earlier answers; they are
 * events and stay until somebody acknowledges them.
 */
export const impossibleMetadata: Rule<'impossible-metadata'> = ({ id }) => {
  return (subject) => {
    const open = subject.history.openEvents.get(id)?.['past'];
    const now = findContradictions(subject);
    const past = joinPast(open, findRevisions(subject));
    if (now.length + past.length > 0) return violation({ now, past });

    const field = findUnreadable(subject);
    return field === undefined ? pass : unreadable([field]);
  };
};

function findUnreadable({ createdOn, lastUsed, type, lastFour }: Subject): string | undefined {
  if (createdOn === undefined) return 'createdOn';
  if (lastUsed === undefined) return 'lastUsed';
  if (type === undefined) return 'type';
  return lastFour === undefined ? 'lastFour' : undefined;
}
