import { daysAgainst } from '../../keys/days.ts';
import { pass, type Rule, unknown, violation } from '../rule.ts';

/** Fails when the key is older than `after`; a key exactly that old passes. */
export const tooOld: Rule<'too-old'> =
  ({ after }) =>
  ({ createdOn, asOf }) => {
    if (createdOn === undefined) return unknown('field-unreadable', 'createdOn');
    const age = Math.max(0, asOf - createdOn);
    if (age <= after) return pass;

    const { days, allowedDays } = daysAgainst(age, after);
    return violation({ ageDays: days, allowedDays });
  };
