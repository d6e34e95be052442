import { compileScope, type Scope, touches } from '../scope.ts';
import type { Match } from './match-schema.ts';
import { compilePattern, matches, type Pattern } from './pattern.ts';

/** What `match` looks at. `type` and `scopes` are undefined where they could not be read. */
export interface Matchable {
  readonly source: string;
  readonly environment: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly type: string | undefined;
  readonly scopes: readonly Scope[] | undefined;
}

/** Whether a match applies to a key, or which unreadable field leaves that open. */
export type Applies =
  | { readonly answer: 'yes' }
  | { readonly answer: 'no' }
  | { readonly answer: 'unknown'; readonly field: 'type' | 'scopes' };

/** A prepared `match`. Null matches everything. */
export type CompiledMatch = readonly Part[] | null;
type Part = (key: Matchable) => Applies;

const yes: Applies = { answer: 'yes' };
const no: Applies = { answer: 'no' };
const typeUnreadable: Applies = { answer: 'unknown', field: 'type' };
const scopesUnreadable: Applies = { answer: 'unknown', field: 'scopes' };

/** Prepares a `match` once for many keys. Fields are case-sensitive; scopes ignore case. */
export function compileMatch(match: Match | undefined): CompiledMatch {
  if (match === undefined) return null;
  const parts: Part[] = [];
  onText(parts, match.source, (key) => key.source);
  onText(parts, match.environment, (key) => key.environment);
  onText(parts, match.owner, (key) => key.owner);
  if (match.tags !== undefined) parts.push(tagsPart(match.tags));
  if (match.type !== undefined) parts.push(typePart(match.type));
  if (match.scope !== undefined) parts.push(scopePart(match.scope));
  return parts.length === 0 ? null : parts;
}

/**
 * Whether a match applies to a key: every given field must match. An unreadable field makes the
 * answer unknown, unless a readable field already says no.
 */
export function applies(match: CompiledMatch, key: Matchable): Applies {
  if (match === null) return yes;
  let answer = yes;
  for (const part of match) {
    const found = part(key);
    if (found.answer === 'no') return no;
    if (found.answer === 'unknown' && answer.answer === 'yes') answer = found;
  }
  return answer;
}

/** A key without an owner or environment matches no pattern for it, not even `*`. */
function onText(
  parts: Part[],
  texts: readonly string[] | undefined,
  read: (key: Matchable) => string | null,
): void {
  if (texts === undefined) return;
  const patterns = texts.map(compilePattern);
  parts.push((key) => {
    const value = read(key);
    return value !== null && matchesAny(patterns, value) ? yes : no;
  });
}

function tagsPart(texts: readonly string[]): Part {
  const patterns = texts.map(compilePattern);
  return (key) => (key.tags.some((tag) => matchesAny(patterns, tag)) ? yes : no);
}

function typePart(texts: readonly string[]): Part {
  const patterns = texts.map(compilePattern);
  return (key) => {
    if (key.type === undefined) return typeUnreadable;
    return matchesAny(patterns, key.type) ? yes : no;
  };
}

function scopePart(texts: readonly string[]): Part {
  const patterns = texts.map(compileScope);
  return (key) => {
    if (key.scopes === undefined) return scopesUnreadable;
    return key.scopes.some((scope) => touches(scope, patterns)) ? yes : no;
  };
}

function matchesAny(patterns: readonly Pattern[], text: string): boolean {
  return patterns.some((pattern) => matches(pattern, text));
}
