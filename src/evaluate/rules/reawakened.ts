import { daysAgainst } from '../../keys/days.ts';
import type { Facts } from '../judgement.ts';
import { readInstant } from '../read-instant.ts';
import { pass, type Rule, type Subject, unreadable, violation } from '../rule.ts';

/**
 * Fails when a key is used again after it had been idle for `dormant` or longer at its previous
 * observation. The first use of a key does not count. It is an event: it stays, with its first
 * facts, until somebody acknowledges it or the key is reawakened once more.
 */
export const reawakened: Rule<'reawakened'> = ({ id, dormant }) => {
  return (subject) => {
    const facts = readWaking(subject, dormant) ?? subject.history.openEvents.get(id);
    if (facts !== undefined) return violation(facts);
    return subject.lastUsed === undefined ? unreadable(['lastUsed']) : pass;
  };
};

function readWaking({ lastUsed, history }: Subject, dormant: number): Facts | undefined {
  const before = readInstant(history.lastUsed ?? undefined);
  const observedBefore = readInstant(history.lastUsedAt);
  if (before === undefined || observedBefore === undefined || lastUsed == null) return undefined;
  const idle = observedBefore - before;
  if (lastUsed <= before || idle < dormant) return undefined;

  const { days, allowedDays } = daysAgainst(idle, dormant);
  return {
    idleDays: days,
    dormantDays: allowedDays,
    previousLastUsed: new Date(before).toISOString(),
    lastUsed: new Date(lastUsed).toISOString(),
  };
}
