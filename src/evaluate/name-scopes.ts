import { cutText } from '../text/cut-text.ts';
import type { Facts } from './judgement.ts';
import type { Scope } from './scope.ts';

/** How many scopes of a kind a violation names; the observation has the whole list. */
const shown = 100;

/**
 * The scopes as a fact of a violation; no fact when there are none. They are sorted and unique, so
 * that the vendor's order changes nothing. `<fact>Count` is added when the list is cut.
 */
export function nameScopes(fact: string, scopes: readonly Scope[]): Facts {
  if (scopes.length === 0) return {};
  const texts = [...new Set(scopes.map((scope) => scope.written))].sort();
  if (texts.length <= shown) return { [fact]: texts.map((text) => cutText(text)) };
  return {
    [fact]: texts.slice(0, shown).map((text) => cutText(text)),
    [`${fact}Count`]: texts.length,
  };
}
