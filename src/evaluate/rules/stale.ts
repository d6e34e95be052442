import { daysAgainst } from '../../keys/days.ts';
import { applies } from '../match.ts';
import { type Outcome, pass, type Rule, type Subject, unknown, violation } from '../rule.ts';

/** The clocks of the vendor and of the database may differ by so much before lastUsed is nonsense. */
const clockSkewMs = 5 * 60_000;

/** Fails when the key has been idle for `after` or longer. */
export const stale: Rule<'stale'> =
  ({ after }) =>
  (subject) => {
    const { createdOn, lastUsed, observedAt } = subject;
    if (lastUsed === undefined) return unknown('field-unreadable', 'lastUsed');
    if (createdOn === undefined) return unknown('field-unreadable', 'createdOn');
    if (lastUsed === null) return judgeNeverUsed(subject, createdOn, after);
    if (lastUsed - observedAt > clockSkewMs) {
      return unknown('field-unreadable', 'lastUsed lies in the future');
    }

    const idle = idleSince(lastUsed, subject);
    if (idle < after) return pass;

    const { days, allowedDays } = daysAgainst(idle, after);
    return violation({ idleDays: days, allowedDays });
  };

/** A never used key is idle since it was created, unless a `never-used` rule has it in its care. */
function judgeNeverUsed(subject: Subject, createdOn: number, after: number): Outcome {
  const idle = idleSince(createdOn, subject);
  if (idle < after) return pass;

  let unreadable: string | undefined;
  for (const match of subject.neverUsed) {
    const found = applies(match, subject);
    if (found.answer === 'yes') return pass;
    if (found.answer === 'unknown') unreadable = found.field;
  }
  if (unreadable !== undefined) {
    return unknown('field-unreadable', `${unreadable}: a never-used rule may apply`);
  }

  const { days, allowedDays } = daysAgainst(idle, after);
  return violation({ idleDays: days, allowedDays, countedFrom: 'createdOn' });
}

function idleSince(instant: number, { asOf, usageLagMs }: Subject): number {
  return Math.max(0, asOf - instant - usageLagMs);
}
