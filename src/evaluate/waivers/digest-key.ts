import { hash } from 'node:crypto';
import type { Matchable } from '../policy/match.ts';

/**
 * A digest, 64 hex digits, of what a waiver was given for: the key's type and its scopes, without
 * regard to their order and spelling. Undefined when one of them cannot be read.
 */
export function digestKey({
  type,
  scopes,
}: Pick<Matchable, 'type' | 'scopes'>): string | undefined {
  if (type === undefined || scopes === undefined) return undefined;
  const plain = [...new Set(scopes.map(({ pattern }) => pattern.text))].sort();
  return hash('sha256', JSON.stringify([type, plain]));
}
