import { daysAgainst } from '../../keys/days.ts';
import { readInstant } from '../read-instant.ts';
import { pass, type Rule, violation } from '../rule.ts';

/**
 * Fails when every verdict of the key has been unknown for `after` or longer. It is judged only
 * when this verdict is unknown too, so it makes no key pass.
 */
export const unaudited: Rule<'unaudited'> =
  ({ after }) =>
  ({ asOf, history }) => {
    const knownAt = readInstant(history.knownAt) ?? asOf;
    const unknownFor = Math.max(0, asOf - knownAt);
    if (unknownFor < after) return pass;

    const { days, allowedDays } = daysAgainst(unknownFor, after);
    return violation({ unknownDays: days, allowedDays });
  };
