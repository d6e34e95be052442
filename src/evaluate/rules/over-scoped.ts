import { outside } from '../compare-scopes.ts';
import { nameScopes } from '../name-scopes.ts';
import { pass, type Rule, unreadable, violation } from '../rule.ts';
import { compileScope, touches } from '../scope.ts';

/**
 * Fails when a scope is forbidden, or not allowed (when `allow` is given, even if empty), or not
 * approved (when the inventory lists approved scopes, which are patterns too).
 */
export const overScoped: Rule<'over-scoped'> = (rule) => {
  const forbid = (rule.forbid ?? []).map(compileScope);
  const allow = rule.allow?.map(compileScope);

  return ({ scopes, approvedScopes }) => {
    if (scopes === undefined) return unreadable(['scopes']);
    const approved = approvedScopes?.map(compileScope);

    const forbidden = scopes.filter((scope) => touches(scope, forbid));
    const notAllowed = allow === undefined ? [] : outside(scopes, allow);
    const notApproved = approved === undefined ? [] : outside(scopes, approved);
    if (forbidden.length + notAllowed.length + notApproved.length === 0) return pass;

    return violation({
      ...nameScopes('forbidden', forbidden),
      ...nameScopes('notAllowed', notAllowed),
      ...nameScopes('notApproved', notApproved),
    });
  };
};
