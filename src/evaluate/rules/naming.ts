import { compilePattern, matches } from '../pattern.ts';
import { pass, type Rule, unknown, violation } from '../rule.ts';

/** Fails when the key's name is not as the pattern has it, case and all. */
export const naming: Rule<'naming'> = ({ pattern }) => {
  const wanted = compilePattern(pattern);

  return ({ name }) => {
    if (name === undefined) return unknown('field-unreadable', 'name');
    return matches(wanted, name) ? pass : violation({ name: cut(name), pattern });
  };
};

/** A name in the facts is for people; the whole of it stands with the key. */
const longest = 200;

function cut(name: string): string {
  return name.length <= longest
    ? name
    : `${name.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
}
