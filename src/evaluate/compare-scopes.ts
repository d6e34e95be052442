import type { Pattern } from './policy/pattern.ts';
import { compileScope, isCovered, type Scope } from './scope.ts';

/** From so many scopes on it pays to look texts up. */
const many = 100;

/** The scopes that none of the patterns covers. */
export function outside(scopes: readonly Scope[], patterns: readonly Pattern[]): readonly Scope[] {
  if (scopes.length < many) return scopes.filter((scope) => !isCovered(scope, patterns));

  const texts = new Set(patterns.map(({ text }) => text));
  const wildcards = patterns.filter(({ literal }) => !literal);
  return scopes.filter((scope) => !texts.has(scope.pattern.text) && !isCovered(scope, wildcards));
}

/** More than a key has use for; each one more is compared with every scope there is. */
const mostWildcards = 100;

/**
 * Scopes that the vendor named before, as patterns. A wildcard among them covers what it stood for:
 * a key that gets less than it had gets nothing new. Where there is no end of them, the longer ones
 * stand for themselves only, for both lists may be a megabyte and would be compared crosswise.
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
