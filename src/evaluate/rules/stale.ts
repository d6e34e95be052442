import { daysAgainst } from '../../keys/days.ts';
import { isInFuture } from '../clock-skew.ts';
import { factsOfWarning, isBroken } from '../near-limit.ts';
import { applies } from '../policy/match.ts';
import { type Outcome, pass, type Rule, type Subject, unreadable, violation } from '../rule.ts';

/** Fails when the key has been idle for `after` or longer: if never used, since its creation. */
export const stale: Rule<'stale'> = (rule) => (subject) => {
  const since = readIdleSince(subject);
  if (typeof since === 'object') return since;
  const idle = Math.max(0, subject.asOf - since - subject.usageLagMs);
  if (!isBroken(idle, rule.after, idle >= rule.after, rule)) return pass;

  const unused = subject.lastUsed === null;
  const elsewhere = unused ? judgeByNeverUsed(subject) : undefined;
  if (elsewhere !== undefined) return elsewhere;
  const spans = daysAgainst(idle, rule.after);
  const from = unused ? { countedFrom: 'createdOn' } : {};
  const { days: idleDays, allowedDays } = spans;
  return violation({ idleDays, allowedDays, ...from, ...factsOfWarning(spans, rule) });
};

/** The instant from which idle time counts, or why there is none. */
function readIdleSince({ createdOn, lastUsed, observedAt }: Subject): number | Outcome {
  if (lastUsed === undefined) return unreadable(['lastUsed']);
  if (createdOn === undefined) return unreadable(['createdOn']);
  if (lastUsed === null) return createdOn;
  return isInFuture(lastUsed, observedAt) ? unreadable(['lastUsed'], 'in-future') : lastUsed;
}

/** For a never-used key, a matching `never-used` rule takes precedence. */
function judgeByNeverUsed(subject: Subject): Outcome | undefined {
  let unsure: string | undefined;
  for (const match of subject.neverUsed) {
    const found = applies(match, subject);
    if (found.answer === 'yes') return pass;
    if (found.answer === 'unknown') unsure = found.field;
  }
  return unsure === undefined ? undefined : unreadable([unsure], 'never-used-may-apply');
}
