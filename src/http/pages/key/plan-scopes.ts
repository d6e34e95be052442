import { outside } from '../../../evaluate/compare-scopes.ts';
import { compileScope, readScopes, touches } from '../../../evaluate/scope.ts';
import type { KeyFacts } from '../../../record/reads/pages/read-key-facts.ts';

/** A scope of a key, beside what was approved. `state`: how the two differ. */
export interface ScopeRow {
  readonly scope: string;
  readonly granted: boolean;
  readonly approved: boolean;
  /** `added`: no scopes are approved, and the key did not have this one at first. */
  readonly state: 'agreed' | 'not-approved' | 'not-granted' | 'added' | 'not-stated';
}

type Scoped = Pick<KeyFacts, 'approvedScopes' | 'firstScopes'> & {
  readonly details: Pick<KeyFacts['details'], 'scopes'>;
};

const order = ['not-approved', 'added', 'agreed', 'not-stated', 'not-granted'] as const;

/** The scopes of a key and those approved for it; what somebody should look at comes first. */
export function planScopes({ details, approvedScopes, firstScopes }: Scoped): readonly ScopeRow[] {
  const granted = readScopes(details.scopes) ?? [];
  const patterns = approvedScopes?.map(compileScope);
  const wrong = new Set(patterns === undefined ? [] : outside(granted, patterns));
  const first = new Set(firstScopes ?? []);
  const rows = granted.map((scope): ScopeRow => {
    const { written } = scope;
    if (patterns !== undefined) {
      const approved = !wrong.has(scope);
      const state = approved ? 'agreed' : 'not-approved';
      return { scope: written, granted: true, approved, state };
    }
    const isNew = firstScopes !== null && !first.has(written);
    const state = isNew ? 'added' : 'not-stated';
    return { scope: written, granted: true, approved: false, state };
  });
  const unused = (approvedScopes ?? []).filter((text) => {
    const pattern = compileScope(text);
    return details.scopes !== undefined && !granted.some((scope) => touches(scope, [pattern]));
  });
  const spare = unused.map((scope): ScopeRow => {
    return { scope, granted: false, approved: true, state: 'not-granted' };
  });
  return [...rows, ...spare].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}
