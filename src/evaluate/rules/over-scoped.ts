import type { Facts } from '../judgement.ts';
import { pass, type Rule, unknown, violation } from '../rule.ts';
import { compileScope, isCovered, type Scope, touches } from '../scope.ts';

/** A violation names so many scopes of a kind; the whole list stands with the key. */
const shown = 100;

/** A longer scope is cut in the facts. */
const longest = 200;

/**
 * Fails when a scope is forbidden, or is not allowed (where `allow` is given, even empty), or is
 * not approved (where the inventory approves scopes; its entries are patterns too).
 */
export const overScoped: Rule<'over-scoped'> = (rule) => {
  const forbid = (rule.forbid ?? []).map(compileScope);
  const allow = rule.allow?.map(compileScope);

  return ({ scopes, approvedScopes }) => {
    if (scopes === undefined) return unknown('field-unreadable', 'scopes');
    const approved = approvedScopes?.map(compileScope);

    const forbidden = scopes.filter((scope) => touches(scope, forbid));
    const notAllowed = outside(scopes, allow);
    const notApproved = outside(scopes, approved);
    if (forbidden.length + notAllowed.length + notApproved.length === 0) return pass;

    return violation({
      ...named('forbidden', forbidden),
      ...named('notAllowed', notAllowed),
      ...named('notApproved', notApproved),
    });
  };
};

function outside(
  scopes: readonly Scope[],
  patterns: Parameters<typeof isCovered>[1] | undefined,
): readonly Scope[] {
  if (patterns === undefined) return [];
  return scopes.filter((scope) => !isCovered(scope, patterns));
}

/** Sorted and without doubles, so that the vendor's order changes nothing. */
function named(fact: string, scopes: readonly Scope[]): Facts {
  if (scopes.length === 0) return {};
  const texts = [...new Set(scopes.map((scope) => scope.written))].sort();
  if (texts.length <= shown) return { [fact]: texts.map(cut) };
  return { [fact]: texts.slice(0, shown).map(cut), [`${fact}Count`]: texts.length };
}

/** Never cuts a pair in half: the database refuses such text. */
function cut(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…`;
}
