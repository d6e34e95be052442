import { timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import type { TokenHash } from '../../config/http/http-config.ts';
import type { CallerRole } from '../../options/roles.ts';
import {
  addSession,
  type KeptSession,
  readSession,
  removeSession,
} from '../../record/sessions/sessions.ts';
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

const hourMs = 3_600_000;
const sessionMs = 12 * hourMs;

export interface SessionParts {
  readonly db: Records;
  readonly publicUrl: string | undefined;
  /** The tokens that hold now. */
  readonly tokens: readonly TokenHash[];
}

type SiteContext = Context<CallerEnv>;

/** The sessions of browsers. Every replica knows them, because the store keeps them. */
export interface Sessions {
  /** Who is signed in, as long as the credential still holds, with its role of now. */
  readonly findCaller: FindCaller;
  /** Signs in with a token. The session that the browser had before ends. */
  begin(context: SiteContext, token: TokenHash): Promise<void>;
  end(context: SiteContext): Promise<void>;
}

export function createSessions({ db, publicUrl, tokens }: SessionParts): Sessions {
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
      const role = kept === undefined ? undefined : roleOf(kept, secret, tokens);
      if (kept === undefined || role === undefined) return undefined;
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
    async end(context) {
      await forget(context);
      cookie.remove(context);
    },
  };
}

/** The role that the credential has now; undefined if it does not hold any more. */
function roleOf(
  { name, credential, hasEnded }: KeptSession,
  secret: string,
  tokens: readonly TokenHash[],
): CallerRole | undefined {
  if (hasEnded) return undefined;
  const token = tokens.find((one) => one.name === name);
  if (token === undefined) return undefined;
  const mark = markCredential(secret, token.sha256.toString('hex'));
  if (credential.length !== mark.length || !timingSafeEqual(credential, mark)) return undefined;
  return token.role;
}
