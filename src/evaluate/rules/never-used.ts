import { daysAgainst } from '../../keys/days.ts';
import { pass, type Rule, unknown, violation } from '../rule.ts';

/** Fails when the key was never used and is `grace` old or older. */
export const neverUsed: Rule<'never-used'> =
  ({ grace }) =>
  ({ createdOn, lastUsed, asOf }) => {
    if (createdOn === undefined) return unknown('field-unreadable', 'createdOn');
    if (lastUsed === undefined) return unknown('field-unreadable', 'lastUsed');
    if (lastUsed !== null) return pass;

    const age = Math.max(0, asOf - createdOn);
    if (age < grace) return pass;

    const { days, allowedDays } = daysAgainst(age, grace);
    return violation({ ageDays: days, graceDays: allowedDays });
  };
