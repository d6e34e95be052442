import { daysAgainst } from '../../keys/days.ts';
import { pass, type Rule, type Subject, unknown, violation } from '../rule.ts';

/**
 * Fails when a key was used again that had been idle for `dormant` or longer when it was observed
 * before. An event: it stays, with the facts it was opened with, until somebody acknowledges it.
 */
export const reawakened: Rule<'reawakened'> = ({ id, dormant }) => {
  return (subject) => {
    const { lastUsed, history } = subject;
    if (lastUsed === undefined) return unknown('field-unreadable', 'lastUsed');
    const open = history.openEvents.get(id);
    const woken = readWaking(subject, dormant);
    if (woken === undefined) return open === undefined ? pass : violation(open);
    return violation(woken);
  };
};

function readWaking({ lastUsed, createdOn, history }: Subject, dormant: number) {
  const before = history.lastUsed;
  const observedBefore = history.lastUsedAt?.getTime();
  if (before === undefined || observedBefore === undefined || lastUsed == null) return undefined;
  const idleSince = before?.getTime() ?? createdOn;
  if (idleSince === undefined || lastUsed <= idleSince) return undefined;
  const idle = observedBefore - idleSince;
  if (idle < dormant) return undefined;

  const { days, allowedDays } = daysAgainst(idle, dormant);
  return {
    idleDays: days,
    dormantDays: allowedDays,
    ...(before === null ? {} : { previousLastUsed: before.toISOString() }),
    lastUsed: new Date(lastUsed).toISOString(),
  };
}
