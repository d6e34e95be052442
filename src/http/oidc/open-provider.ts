import * as client from 'openid-client';
import type { OidcConfig } from '../../config/http/oidc-config.ts';
import type { Proxies } from '../../proxy/proxies.ts';
import { openFetch } from './open-fetch.ts';
import { readClaim } from './plan-role.ts';

/** What one attempt to sign in is checked with. */
export interface SignInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Whom the provider has authenticated. */
export interface Identified {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly idToken: string;
}

/** An OpenID Connect provider. Its functions reject if it cannot be reached, or refuses. */
export interface Provider {
  /** Where the browser goes to sign in; silently, if nothing may be asked there. */
  begin(attempt: SignInChecks, isSilent: boolean): Promise<URL>;
  /** `search`: the query with which the browser came back. */
  finish(attempt: SignInChecks, search: string): Promise<Identified>;
  /** Where the browser goes to sign out there too, if the provider has such a place. */
  findSignOut(idToken: string): Promise<URL | undefined>;
}

export interface ProviderParts {
  readonly oidc: OidcConfig;
  readonly clientSecret: string;
  readonly publicUrl: string;
  readonly proxies: Proxies | undefined;
}

export function openProvider({ oidc, clientSecret, publicUrl, proxies }: ProviderParts): Provider {
  const home = publicUrl.replace(/\/+$/, '');
  const back = `${home}/sign-in/oidc/callback`;
  const discover = rememberFor(hourMs, () => discoverProvider(oidc, clientSecret, proxies));
  return {
    async begin({ state, nonce, verifier }, isSilent) {
      return client.buildAuthorizationUrl(await discover(), {
        ...{ redirect_uri: back, scope: 'openid profile email', state, nonce },
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(isSilent ? { prompt: 'none' } : {}),
      });
    },
    async finish({ state, nonce, verifier }, search) {
      const found = await discover();
      const tokens = await client.authorizationCodeGrant(found, new URL(back + search), {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || tokens.id_token === undefined) throw new Error('no ID token');
      const idToken = tokens.id_token;
      const hasRoles = readClaim(claims, oidc.roles.claim) !== undefined;
      const hasAll = hasRoles && claims['email'] !== undefined;
      if (hasAll || found.serverMetadata().userinfo_endpoint === undefined) {
        return { claims, idToken };
      }
      const asked = client.fetchUserInfo(found, tokens.access_token, claims.sub);
      // Nobody is kept out for a missing mail.
      const more = await (hasRoles ? asked.catch(() => ({})) : asked);
      return { claims: { ...more, ...claims }, idToken };
    },
    async findSignOut(idToken) {
      const found = await discover();
      if (found.serverMetadata().end_session_endpoint === undefined) return undefined;
      const post = `${home}/sign-in`;
      return client.buildEndSessionUrl(found, {
        ...{ id_token_hint: idToken, post_logout_redirect_uri: post },
      });
    },
  };
}

const hourMs = 3_600_000;

async function discoverProvider(
  { issuer, clientId }: OidcConfig,
  clientSecret: string,
  proxies: Proxies | undefined,
): Promise<client.Configuration> {
  const isPlain = issuer.startsWith('http:');
  return client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    [client.customFetch]: openFetch(proxies),
    // Without this, the signature of an ID token is not checked.
    execute: [
      client.enableNonRepudiationChecks,
      ...(isPlain ? [client.allowInsecureRequests] : []),
    ],
  });
}

/** What `make` resolves to, for a time. After a failure, the next call makes it again. */
function rememberFor<T>(ms: number, make: () => Promise<T>): () => Promise<T> {
  let kept: { readonly made: Promise<T>; readonly until: number } | undefined;
  return () => {
    const now = performance.now();
    if (kept !== undefined && now < kept.until) return kept.made;
    const made = make();
    const mine = { made, until: now + ms };
    kept = mine;
    made.catch(() => {
      if (kept === mine) kept = undefined;
    });
    return made;
  };
}
