import { daysAgainst } from '../../keys/days.ts';
import { factsOfWarning, isBroken } from '../near-limit.ts';
import { pass, type Rule, unreadable, violation } from '../rule.ts';

/** Fails when the key is older than `after`; a key exactly that old passes. */
export const tooOld: Rule<'too-old'> =
  (rule) =>
  ({ createdOn, asOf }) => {
    if (createdOn === undefined) return unreadable(['createdOn']);
    const age = Math.max(0, asOf - createdOn);
    if (!isBroken(age, rule.after, age > rule.after, rule)) return pass;

    const spans = daysAgainst(age, rule.after);
    const { days, allowedDays } = spans;
    return violation({ ageDays: days, allowedDays, ...factsOfWarning(spans, rule) });
  };
