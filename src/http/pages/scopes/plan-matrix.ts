import type { ScopedKey } from '../../../record/reads/pages/read-scoped-keys.ts';
import { planScopes, type ScopeRow } from '../key/plan-scopes.ts';

/** Keys and scopes against each other. */
export interface ScopeMatrix {
  /** Those that most keys have first, and those that can write before those that cannot. */
  readonly scopes: readonly string[];
  /** Scopes that are left out, because a table has so many columns at most. */
  readonly left: number;
  readonly rows: readonly MatrixRow[];
}

export interface MatrixRow {
  readonly key: ScopedKey;
  /** In the order of `scopes`; undefined if the key does not have the scope. */
  readonly cells: readonly (ScopeRow['state'] | undefined)[];
  /** How many scopes of the key are in no column. */
  readonly others: number;
}

export function planMatrix(keys: readonly ScopedKey[], mostColumns: number): ScopeMatrix {
  const planned = keys.map((key) => {
    const { approvedScopes, firstScopes, scopes } = key;
    const rows = planScopes({ details: { scopes }, approvedScopes, firstScopes });
    const granted = rows.filter((row) => row.granted);
    return { key, states: new Map(granted.map(({ scope, state }) => [scope, state])) };
  });
  const counts = new Map<string, number>();
  for (const { states } of planned) {
    for (const scope of states.keys()) counts.set(scope, (counts.get(scope) ?? 0) + 1);
  }
  const ordered = [...counts].sort(
    ([a, m], [b, n]) => Number(canWrite(b)) - Number(canWrite(a)) || n - m || (a < b ? -1 : 1),
  );
  const scopes = ordered.slice(0, mostColumns).map(([scope]) => scope);
  const shown = new Set(scopes);
  return {
    scopes,
    left: ordered.length - scopes.length,
    rows: planned.map(({ key, states }) => ({
      key,
      cells: scopes.map((scope) => states.get(scope)),
      others: [...states.keys()].filter((scope) => !shown.has(scope)).length,
    })),
  };
}

/** Whether a scope seems to allow more than reading, by the words that vendors use. */
export function canWrite(scope: string): boolean {
  return /(?:write|admin|manage|delete|create|update|edit|\*)/i.test(scope);
}
