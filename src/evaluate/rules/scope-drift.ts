import { compileSeen, outside } from '../compare-scopes.ts';
import type { Facts } from '../judgement.ts';
import { nameScopes } from '../name-scopes.ts';
import { pass, type Rule, type Subject, unreadable, violation } from '../rule.ts';
import { compileScope, readScopes, type Scope } from '../scope.ts';

/**
 * Fails when the key has scopes that were not there before: outside those that the inventory
 * approves, else outside those of the first observation. What was removed is noted beside what was
 * added, and alone is no violation: the observations that are kept show it.
 */
export const scopeDrift: Rule<'scope-drift'> = () => (subject) => {
  const { scopes, approvedScopes, history } = subject;
  if (scopes === undefined) return unreadable(['scopes']);
  const before = approvedScopes ?? history.firstScopes;
  if (before === undefined || isSame(scopes, before)) return pass;

  const approved = approvedScopes !== null;
  const added = outside(scopes, approved ? before.map(compileScope) : compileSeen(before));
  return added.length === 0 ? pass : violation(factsOf(added, before, subject));
};

/** The ordinary night: nothing is written that was not, in its place; what is gone behind is gone. */
function isSame(scopes: readonly Scope[], before: readonly string[]): boolean {
  return scopes.every((one, at) => one.written === before[at]);
}

/** A pattern that the inventory approves is no scope that a key could have lost. */
function factsOf(
  added: readonly Scope[],
  before: readonly string[],
  { scopes = [], approvedScopes }: Subject,
): Facts {
  const approved = approvedScopes !== null;
  const had = (readScopes(before) ?? []).filter(({ pattern }) => pattern.literal || !approved);
  const has = compileSeen(scopes.map(({ written }) => written));
  return {
    since: approved ? 'approved' : 'first-seen',
    ...nameScopes('added', added),
    ...nameScopes('removed', outside(had, has)),
  };
}
