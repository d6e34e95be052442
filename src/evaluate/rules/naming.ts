import { cutText } from '../../text/cut-text.ts';
import { compilePattern, matches } from '../policy/pattern.ts';
import { pass, type Rule, unreadable, violation } from '../rule.ts';

/** Fails when the key's name does not match the pattern, which is case-sensitive. */
export const naming: Rule<'naming'> = ({ pattern }) => {
  const wanted = compilePattern(pattern);

  return ({ name }) => {
    if (name === undefined) return unreadable(['name']);
    if (matches(wanted, name)) return pass;
    // Cut for people; the observation has the whole name.
    return violation({ name: cutText(name), pattern });
  };
};
