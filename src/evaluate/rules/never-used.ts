import { daysAgainst } from '../../keys/days.ts';
import { factsOfWarning, isBroken } from '../near-limit.ts';
import { pass, type Rule, unreadable, violation } from '../rule.ts';

/** Fails when the key was never used and is `grace` old or older. */
export const neverUsed: Rule<'never-used'> =
  (rule) =>
  ({ createdOn, lastUsed, asOf }) => {
    if (createdOn === undefined) return unreadable(['createdOn']);
    if (lastUsed === undefined) return unreadable(['lastUsed']);
    if (lastUsed !== null) return pass;

    const age = Math.max(0, asOf - createdOn);
    if (!isBroken(age, rule.grace, age >= rule.grace, rule)) return pass;

    const spans = daysAgainst(age, rule.grace);
    const { days, allowedDays } = spans;
    return violation({ ageDays: days, graceDays: allowedDays, ...factsOfWarning(spans, rule) });
  };
