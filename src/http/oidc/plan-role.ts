import type { OidcRoles } from '../../config/http/oidc-config.ts';
import type { CallerRole } from '../../options/roles.ts';

const fromHighest = ['operator', 'auditor', 'viewer'] as const;

/** The highest role that the claims give; undefined if they give none. */
export function planRole(
  claims: Readonly<Record<string, unknown>>,
  roles: OidcRoles,
): CallerRole | undefined {
  const held = valuesOf(readClaim(claims, roles.claim));
  const gives = (value: string) => value === '*' || held.includes(value);
  return fromHighest.find((role) => roles[role].some(gives));
}

/** A claim by its name, or by a path with dots: `realm_access.roles`. */
export function readClaim(claims: unknown, name: string): unknown {
  if (typeof claims !== 'object' || claims === null) return undefined;
  if (Object.hasOwn(claims, name)) return (claims as Record<string, unknown>)[name];
  const dot = name.indexOf('.');
  if (dot < 0) return undefined;
  return readClaim(readClaim(claims, name.slice(0, dot)), name.slice(dot + 1));
}

/** Only texts count; `*` in a claim is a text like others. */
function valuesOf(claim: unknown): readonly unknown[] {
  return Array.isArray(claim) ? claim : [claim];
}
