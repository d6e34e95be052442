import { daysAgainst } from '../../keys/days.ts';
import { isInFuture } from '../clock-skew.ts';
import { applies } from '../match.ts';
import { factsOfWarning, isBroken } from '../near-limit.ts';
import { type Outcome, pass, type Rule, type Subject, unknown, violation } from '../rule.ts';

/** Fails when the key has been idle for `after` or longer; never used, since it was created. */
export const stale: Rule<'stale'> = (rule) => (subject) => {
  const since = readIdleSince(subject);
  if (typeof since === 'string') return unknown('field-unreadable', since);
  const idle = Math.max(0, subject.asOf - since - subject.usageLagMs);
  if (!isBroken(idle, rule.after, idle >= rule.after, rule)) return pass;

  const unused = subject.lastUsed === null;
  const elsewhere = unused ? judgeCare(subject) : undefined;
  if (elsewhere !== undefined) return elsewhere;
  const spans = daysAgainst(idle, rule.after);
  const from = unused ? { countedFrom: 'createdOn' } : {};
  const { days: idleDays, allowedDays } = spans;
  return violation({ idleDays, allowedDays, ...from, ...factsOfWarning(spans, rule) });
};

/** An instant, or what of it cannot be read. */
function readIdleSince({ createdOn, lastUsed, observedAt }: Subject): number | string {
  if (lastUsed === undefined) return 'lastUsed';
  if (createdOn === undefined) return 'createdOn';
  if (lastUsed === null) return createdOn;
  return isInFuture(lastUsed, observedAt) ? 'lastUsed lies in the future' : lastUsed;
}

/** A never used key that a `never-used` rule has in its care is none of this rule's. */
function judgeCare(subject: Subject): Outcome | undefined {
  let unreadable: string | undefined;
  for (const match of subject.neverUsed) {
    const found = applies(match, subject);
    if (found.answer === 'yes') return pass;
    if (found.answer === 'unknown') unreadable = found.field;
  }
  if (unreadable === undefined) return undefined;
  return unknown('field-unreadable', `${unreadable}: a never-used rule may apply`);
}
