import { nameScopes } from '../name-scopes.ts';
import { pass, type Rule, unknown, violation } from '../rule.ts';
import { compileScope, isCovered, readScopes, type Scope } from '../scope.ts';

/**
 * Fails when the key has scopes that were not there before: outside those that the inventory
 * approves (its entries are patterns), else not among those of the first observation. What was
 * removed is noted in the facts and fails nothing.
 */
export const scopeDrift: Rule<'scope-drift'> =
  () =>
  ({ scopes, approvedScopes, history }) => {
    if (scopes === undefined) return unknown('field-unreadable', 'scopes');
    const baseline = approvedScopes ?? history.firstScopes;
    if (baseline === undefined) return pass;

    const added = approvedScopes === null ? besides(scopes, baseline) : outside(scopes, baseline);
    if (added.length === 0) return pass;

    const removed = approvedScopes === null ? besides(readScopes(baseline), scopes) : [];
    return violation({ ...nameScopes('added', added), ...nameScopes('removed', removed) });
  };

function outside(scopes: readonly Scope[], approved: readonly string[]): readonly Scope[] {
  const patterns = approved.map(compileScope);
  return scopes.filter((scope) => !isCovered(scope, patterns));
}

/** Those of the scopes that are not among the others, whatever their case and spacing. */
function besides(
  scopes: readonly Scope[] | undefined = [],
  others: readonly string[] | readonly Scope[],
): readonly Scope[] {
  const known = new Set(
    others.map((one) => (typeof one === 'string' ? compileScope(one) : one.pattern).text),
  );
  return scopes.filter((scope) => !known.has(scope.pattern.text));
}
