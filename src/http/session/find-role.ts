import { timingSafeEqual } from 'node:crypto';
import type { TokenHash } from '../../config/http/http-config.ts';
import type { OidcConfig } from '../../config/http/oidc-config.ts';
import { type CallerRole, callerRoles } from '../../options/roles.ts';
import type { KeptSession } from '../../record/sessions/sessions.ts';
import { markCredential } from './derive-from-secret.ts';

/** What signs in now. */
export interface SignInCredentials {
  readonly tokens: readonly TokenHash[];
  readonly oidc: OidcConfig | undefined;
}

/** The role of a session now; undefined if its credential does not hold any more. */
export function findRole(
  { kind, name, role, credential, hasEnded }: KeptSession,
  secret: string,
  { tokens, oidc }: SignInCredentials,
): CallerRole | undefined {
  const isMarked = (text: string) => isEqual(credential, markCredential(secret, text));
  if (kind === 'oidc') {
    const holds = oidc !== undefined && isMarked(nameProvider(oidc));
    return holds ? callerRoles.find((one) => one === role) : undefined;
  }
  const token = hasEnded ? undefined : tokens.find((one) => one.name === name);
  const holds = token !== undefined && isMarked(token.sha256.toString('hex'));
  return holds ? token.role : undefined;
}

/** The provider and the client at it, as the credential of a session. */
export function nameProvider({ issuer, clientId }: OidcConfig): string {
  return `${issuer}\n${clientId}`;
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
