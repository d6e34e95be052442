import type { Context } from 'hono';
import type { TokenHash } from '../../config/http/http-config.ts';
import type { OidcConfig } from '../../config/http/oidc-config.ts';
import type { Proof } from '../../operations/caller.ts';
import { type SignInWay, toSignedChange } from '../../operations/recording/signed-change.ts';
import type { CallerRole } from '../../options/roles.ts';
import { recordDone } from '../../record/audit-log/record-asked.ts';
import {
  addSession,
  type NewSession,
  readSession,
  removeSession,
} from '../../record/sessions/sessions.ts';
import type { Database } from '../../record/store/database.ts';
import type { CallerEnv } from '../caller-env.ts';
import type { FindCaller } from '../create-site.ts';
import { createCookie, type SiteCookie } from './cookies.ts';
import {
  formTokenOf,
  makeSecret,
  markCredential,
  secretForm,
  sessionIdOf,
} from './derive-from-secret.ts';
import { findRole, nameProvider } from './find-role.ts';
import { openSeal, seal } from './seal.ts';

const minuteMs = 60_000;
const sessionMs = 12 * 60 * minuteMs;
/** Then the provider is asked again, so that a role that was taken away ends the session. */
const oidcSessionMs = 10 * minuteMs;

export interface SessionParts {
  readonly database: Pick<Database, 'db' | 'transact'>;
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
  /** What never changes. */
  readonly subject: string;
  /** Null where the provider gives none, or says that it has not verified it. */
  readonly mail: string | null;
  /** The name that they sign in with there. */
  readonly login: string | null;
  readonly idToken: string;
}

/** The sessions of browsers. Every replica knows them, because the store keeps them. */
export interface Sessions {
  /** Who is signed in, as long as the credential still holds. A token has its role of now. */
  readonly findCaller: FindCaller;
  /** Signs in with a token. The session that the browser had before ends; so below. */
  begin(context: SiteContext, token: TokenHash, by: 'token' | 'link'): Promise<void>;
  /** `isRenewal`: nobody signs in, the provider only says who it still is. */
  beginOidc(
    context: SiteContext,
    oidc: OidcConfig,
    person: Person,
    isRenewal: boolean,
  ): Promise<void>;
  /** Ends the session of somebody whom the provider does not know any more. */
  end(context: SiteContext): Promise<void>;
  /** Returns the ID token of the provider, if there was a session with one. */
  signOut(context: SiteContext): Promise<string | undefined>;
}

export function createSessions({ database, publicUrl, tokens, oidc }: SessionParts): Sessions {
  const { db } = database;
  const cookie = createCookie('keysweep', sessionMs / 1_000, publicUrl);
  const secretIn = (context: SiteContext) => {
    const value = cookie.read(context) ?? '';
    return secretForm.test(value) ? value : undefined;
  };
  const start = createStart({ database, cookie, secretIn });
  return {
    async findCaller(context) {
      const secret = secretIn(context);
      if (secret === undefined) return undefined;
      const kept = await readSession(db, sessionIdOf(secret));
      const role = kept === undefined ? undefined : findRole(kept, secret, { tokens, oidc });
      if (kept === undefined || role === undefined) return undefined;
      if (kept.hasEnded) {
        context.set('renewable', kept.name);
        return undefined;
      }
      context.set('formToken', formTokenOf(secret));
      return callerOf({ ...kept, role }, context);
    },
    begin: (context, { name, role, sha256 }, by) =>
      start(context, by, (secret) => ({
        credential: markCredential(secret, sha256.toString('hex')),
        ...{ kind: 'token', name, role, sealed: null, lastsMs: sessionMs },
        ...{ subject: null, mail: null, login: null },
      })),
    beginOidc: (context, provider, { idToken, ...person }, isRenewal) =>
      start(context, isRenewal ? undefined : 'oidc', (secret) => ({
        credential: markCredential(secret, nameProvider(provider)),
        ...{ ...person, kind: 'oidc', sealed: seal(secret, idToken), lastsMs: oidcSessionMs },
      })),
    async end(context) {
      const secret = secretIn(context);
      if (secret !== undefined) await removeSession(db, sessionIdOf(secret));
      cookie.remove(context);
    },
    async signOut(context) {
      const secret = secretIn(context);
      cookie.remove(context);
      if (secret === undefined) return undefined;
      const id = sessionIdOf(secret);
      const kept = await readSession(db, id);
      if (kept === undefined) return undefined;
      const who = callerOf(kept, context);
      await database.transact(async (tx) => {
        await removeSession(tx, id);
        await recordDone(tx, toSignedChange(who, 'sign-out', undefined));
      });
      return kept.sealed === null ? undefined : openSeal(secret, Buffer.from(kept.sealed));
    },
  };
}

type Whose = Pick<NewSession, 'kind' | 'name' | 'subject' | 'mail' | 'login'>;

/** Whose session it is. */
function callerOf<Role>(
  { kind, name, role, subject, mail, login }: Whose & { readonly role: Role },
  context: SiteContext,
) {
  const proof: Proof = kind === 'oidc' ? { known: kind, subject, mail, login } : { known: kind };
  return { name, role, from: context.get('client').address, proof };
}

interface StartParts {
  readonly database: Pick<Database, 'transact'>;
  readonly cookie: SiteCookie;
  secretIn(context: SiteContext): string | undefined;
}

/** Begins a session in place of the one before. `by`: how somebody signs in, which is recorded. */
function createStart({ database, cookie, secretIn }: StartParts) {
  return async (
    context: SiteContext,
    by: SignInWay | undefined,
    describe: (secret: string) => Omit<NewSession, 'id' | 'forgottenMs'>,
  ): Promise<void> => {
    const [before, secret] = [secretIn(context), makeSecret()];
    const session = { ...describe(secret), id: sessionIdOf(secret), forgottenMs: sessionMs };
    const who = callerOf(session, context);
    await database.transact(async (tx) => {
      if (before !== undefined) await removeSession(tx, sessionIdOf(before));
      await addSession(tx, session);
      if (by !== undefined) await recordDone(tx, toSignedChange(who, 'sign-in', by));
    });
    cookie.write(context, secret);
  };
}
