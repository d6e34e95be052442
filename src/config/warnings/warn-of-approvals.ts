import type { Config } from '../config.ts';

/** Warns where people have to sign in to approve, and nobody can. */
export function warnOfApprovals({ approvals, http }: Pick<Config, 'approvals' | 'http'>): string[] {
  if (approvals === undefined) return [];
  const operators = http?.tokens.filter(({ role }) => role === 'operator') ?? [];
  if (http !== undefined && (http.oidc !== undefined || operators.length > 0)) return [];
  const need = 'http.oidc, or http.tokens with a token of role operator';
  return [`approvals: signed-in needs ${need}: nobody can approve a waiver or sign a review off`];
}
