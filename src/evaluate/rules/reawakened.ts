import { daysAgainst } from '../../keys/days.ts';
import type { Facts } from '../judgement.ts';
import { readInstant } from '../read-instant.ts';
import { pass, type Rule, type Subject, unreadable, violation } from '../rule.ts';

/**
 * Fails when a key was used again that had not been used for `dormant` or longer when it was
 * observed before; the first use of a key is no waking. An event: it stays, with the facts it was
 * opened with, until somebody acknowledges it, or the key wakes once more.
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
