import type { Context } from 'hono';
import type { TokenHash } from '../../config/http/http-config.ts';
import type { OidcConfig } from '../../config/http/oidc-config.ts';
import type { CallerRole } from '../../options/roles.ts';
import { addSession, readSession, removeSession } from '../../record/sessions/sessions.ts';
import type { Records } from '../../record/store/database.ts';
import type { CallerEnv } from '../caller-env.ts';
import type { FindCaller } from '../create-site.ts';
import { createCookie } from './cookies.ts';
import {
  formTokenOf,
  makeSecret,
  markCredential,
  secretForm,
  sessionIdOf,
} from './derive-from-secret.ts';
import { findRole, nameProvider } from './find-role.ts';
import { openSeal, seal } from './seal.ts';

const hourMs = 3_600_000;
const sessionMs = 12 * hourMs;
/** Then the provider is asked again, so that a role that was taken away ends the session. */
const oidcSessionMs = hourMs / 6;

export interface SessionParts {
  readonly db: Records;
  readonly publicUrl: string | undefined;
  /** The tokens that hold now. */
  readonly tokens: readonly TokenHash[];
  readonly oidc: OidcConfig | undefined;
}

type SiteContext = Context<CallerEnv>;

/** Somebody whom the provider has authenticated. */
export interface Person {
  readonly name: string;
  readonly role: CallerRole;
  readonly idToken: string;
}

/** The sessions of browsers. Every replica knows them, because the store keeps them. */
export interface Sessions {
  /** Who is signed in, as long as the credential still holds. A token has its role of now. */
  readonly findCaller: FindCaller;
  /** Signs in with a token. The session that the browser had before ends; so below. */
  begin(context: SiteContext, token: TokenHash): Promise<void>;
  beginOidc(context: SiteContext, oidc: OidcConfig, person: Person): Promise<void>;
  /** Returns the ID token of the provider, if there was a session with one. */
  end(context: SiteContext): Promise<string | undefined>;
}

export function createSessions({ db, publicUrl, tokens, oidc }: SessionParts): Sessions {
  const cookie = createCookie('keysweep', sessionMs / 1_000, publicUrl);
  const secretIn = (context: SiteContext) => {
    const value = cookie.read(context) ?? '';
    return secretForm.test(value) ? value : undefined;
  };
  const forget = async (context: SiteContext) => {
    const secret = secretIn(context);
    if (secret !== undefined) await removeSession(db, sessionIdOf(secret));
  };
  return {
    async findCaller(context) {
      const secret = secretIn(context);
      if (secret === undefined) return undefined;
      const kept = await readSession(db, sessionIdOf(secret));
      const role = kept === undefined ? undefined : findRole(kept, secret, { tokens, oidc });
      if (kept === undefined || role === undefined) return undefined;
      if (kept.hasEnded) {
        context.set('canRenew', true);
        return undefined;
      }
      context.set('formToken', formTokenOf(secret));
      return { name: kept.name, role, from: context.get('client').address };
    },
    async begin(context, { name, role, sha256 }) {
      await forget(context);
      const secret = makeSecret();
      await addSession(db, {
        id: sessionIdOf(secret),
        credential: markCredential(secret, sha256.toString('hex')),
        ...{ kind: 'token', name, role, sealed: null },
        ...{ lastsMs: sessionMs, forgottenMs: sessionMs },
      });
      cookie.write(context, secret);
    },
    async beginOidc(context, provider, { name, role, idToken }) {
      await forget(context);
      const secret = makeSecret();
      await addSession(db, {
        id: sessionIdOf(secret),
        credential: markCredential(secret, nameProvider(provider)),
        ...{ kind: 'oidc', name, role, sealed: seal(secret, idToken) },
        ...{ lastsMs: oidcSessionMs, forgottenMs: sessionMs },
      });
      cookie.write(context, secret);
    },
    async end(context) {
      const secret = secretIn(context);
      const kept = secret && (await readSession(db, sessionIdOf(secret)));
      await forget(context);
      cookie.remove(context);
      return kept && kept.sealed !== null ? openSeal(secret, Buffer.from(kept.sealed)) : undefined;
    },
  };
}
