import { compileSeen, outside } from '../compare-scopes.ts';
import type { Facts } from '../judgement.ts';
import { nameScopes } from '../name-scopes.ts';
import { pass, type Rule, type Subject, unreadable, violation } from '../rule.ts';
import { compileScope, readScopes, type Scope } from '../scope.ts';

/**
 * Fails when the key has new scopes: outside those that the inventory approves or, without these,
 * outside those of the first observation. Removed scopes are noted beside the added ones. Removing
 * alone is no violation, because the stored observations show it.
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

/** The fast path, taken in most sweeps: every scope is at the same place as before. */
function isSame(scopes: readonly Scope[], before: readonly string[]): boolean {
  return scopes.every((one, at) => one.written === before[at]);
}

/** Patterns of the inventory are left out of `removed`: a key cannot lose a pattern. */
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
