import type { Pattern } from './policy/pattern.ts';
import { compileScope, isCovered, type Scope } from './scope.ts';

/** From this many scopes on, a lookup by text is faster. */
const many = 100;

/** The scopes that no pattern covers. */
export function outside(scopes: readonly Scope[], patterns: readonly Pattern[]): readonly Scope[] {
  if (scopes.length < many) return scopes.filter((scope) => !isCovered(scope, patterns));

  const texts = new Set(patterns.map(({ text }) => text));
  const wildcards = patterns.filter(({ literal }) => !literal);
  return scopes.filter((scope) => !texts.has(scope.pattern.text) && !isCovered(scope, wildcards));
}

/** More than a key needs. Each further wildcard would be compared with every scope. */
const mostWildcards = 100;

/**
 * Scopes that the vendor named before, as patterns. A wildcard among them covers what it granted,
 * because a key that loses a wildcard for one of its scopes gains nothing. When there are very many
 * wildcards, the longer ones match only themselves: both lists may be a megabyte, and every pair
 * would be compared.
 */
export function compileSeen(written: readonly string[]): readonly Pattern[] {
  const patterns = written.map(compileScope);
  const wildcards = patterns.filter(({ literal }) => !literal);
  if (wildcards.length <= mostWildcards) return patterns;

  wildcards.sort((a, b) => a.text.length - b.text.length || (a.text < b.text ? -1 : 1));
  const kept = new Set(wildcards.slice(0, mostWildcards).map(({ text }) => text));
  return patterns.map((one) =>
    one.literal || kept.has(one.text) ? one : { ...one, literal: true, head: one.text },
  );
}
