import type { CallerRole } from '../../options/roles.ts';

/** People sign in at this OpenID Connect provider. The secret of the client is in `Secrets`. */
export interface OidcConfig {
  /** As the provider writes it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly roles: OidcRoles;
}

/** Which values of a claim give which role; `*` stands for anybody whom the provider knows. */
export interface OidcRoles extends Readonly<Record<CallerRole, readonly string[]>> {
  readonly claim: string;
}
