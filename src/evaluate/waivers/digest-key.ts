import { createHash } from 'node:crypto';
import type { Matchable } from '../policy/match.ts';

/**
 * What a waiver was given for, as 64 hex digits: the key's type and its scopes, whatever their order
 * and spelling. Undefined where one of them cannot be read.
 */
export function digestKey({
  type,
  scopes,
}: Pick<Matchable, 'type' | 'scopes'>): string | undefined {
  if (type === undefined || scopes === undefined) return undefined;
  const plain = [...new Set(scopes.map(({ pattern }) => pattern.text))].sort();
  return createHash('sha256')
    .update(JSON.stringify([type, plain]))
    .digest('hex');
}
