import { compilePattern, matches, overlaps, type Pattern } from './policy/pattern.ts';

/** A scope of a key: as the vendor wrote it, and ready to be compared. */
export interface Scope {
  readonly written: string;
  readonly pattern: Pattern;
}

/** A scope pattern of a policy or an inventory; case and surrounding space do not count. */
export function compileScope(text: string): Pattern {
  return compilePattern(text.trim().toLowerCase());
}

/** Prepares a key's scopes for comparison; undefined (unreadable) stays undefined. */
export function readScopes(written: readonly string[] | undefined): readonly Scope[] | undefined {
  return written?.map((text) => ({ written: text, pattern: compileScope(text) }));
}

/**
 * Whether one of the patterns matches the scope. A wildcard scope grants everything it covers, so
 * one text that both match is enough.
 */
export function touches(scope: Scope, patterns: readonly Pattern[]): boolean {
  return patterns.some((pattern) => overlaps(scope.pattern, pattern));
}

/**
 * Whether one of the patterns covers the scope. A wildcard scope is covered only by `*` or by the
 * same wildcard, because it may later grant scopes that nobody allowed.
 */
export function isCovered(scope: Scope, patterns: readonly Pattern[]): boolean {
  const { literal, text } = scope.pattern;
  if (literal) return patterns.some((pattern) => matches(pattern, text));
  return patterns.some((pattern) => pattern.text === '*' || pattern.text === text);
}
