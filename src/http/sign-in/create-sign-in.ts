import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Logger } from 'pino';
import type { TokenHash } from '../../config/http/http-config.ts';
import type { CallerEnv } from '../caller-env.ts';
import { type TokenChecks, type Try, tryCredential, tryToken } from '../guard/find-token.ts';
import { createFrames } from '../pages/layout/frames.ts';
import { withQuery } from '../pages/paths.ts';
import { protectPages } from '../pages/protect-pages.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import { readForm } from '../session/read-form.ts';
import type { Sessions } from '../session/sessions.ts';
import { createOidc, type OidcParts } from './create-oidc.ts';
import type { OneTimeCodes } from './one-time-codes.ts';
import { planReturn } from './plan-return.ts';
import { renderRefusedTry } from './render-refused-try.ts';
import { createShow, type Show } from './show.ts';
import { renderSignedOut } from './sign-in-page.tsx';

/** A code in the address signs in with this token. */
export interface SignInLink {
  readonly codes: OneTimeCodes;
  readonly token: TokenHash;
}

export interface SignInParts {
  readonly sessions: Sessions;
  readonly checks: TokenChecks;
  /** For the token that `start` made; undefined where tokens are configured. */
  readonly link: SignInLink | undefined;
  /** Undefined where nobody signs in at a provider. */
  readonly oidc: OidcParts | undefined;
  readonly version: string;
  readonly log: Logger;
  now(): Date;
}

type SiteContext = Context<CallerEnv>;

/** Where people sign in and out, by the path to mount it at. */
export function createSignIn(parts: SignInParts): Readonly<Record<string, Hono<CallerEnv>>> {
  const { checks, link, oidc } = parts;
  const provider = oidc && new URL(oidc.oidc.issuer).host;
  const show = createShow(parts, { hasTokens: checks.tokens.length > 0, provider });
  const enter = createEnter(parts, show);
  const signIn = new Hono<CallerEnv>().use(protectPages);
  signIn.get('/', (context) => {
    const { req } = context;
    const next = planReturn(req.query('next'));
    const code = req.query('code');
    if (code !== undefined && link !== undefined && req.method === 'GET') {
      const { codes, token } = link;
      const match = () => (codes.use(code) ? token : undefined);
      return enter(context, 'link', next, (tried) => tryCredential(checks, tried, match));
    }
    if (context.get('caller') !== undefined) return context.redirect(next, 303);
    const note = noteOf(req);
    // Whoever has something to hear is not led past this page.
    if (oidc !== undefined && note === undefined && context.get('renewable') !== undefined) {
      return context.redirect(withQuery('/sign-in/oidc', { next, silent: '1' }), 303);
    }
    return show(context, { next, note });
  });
  signIn.post('/', limitFields, async (context) => {
    const { token, next } = await readFields(context);
    const match = (tried: Try) => tryToken(checks, token.trim(), tried);
    return enter(context, 'token', planReturn(next), match);
  });
  const { noteDenied } = checks;
  return {
    '/sign-in': signIn,
    '/sign-out': createSignOut(parts),
    ...(oidc && { '/sign-in/oidc': createOidc(oidc, { ...parts, show, noteDenied }) }),
  };
}

const unsent =
  'Your session has ended, so nothing was changed. Sign in again, and repeat what you wanted.';

/** What has happened before somebody came here. */
function noteOf(req: SiteContext['req']): string | undefined {
  if (req.query('unsent') !== undefined) return unsent;
  return req.query('out') === undefined ? undefined : 'You have signed out.';
}

/** Ends the session here; where there was a provider, the browser goes on to it. */
function createSignOut(parts: SignInParts): Hono<CallerEnv> {
  const { sessions, oidc, log } = parts;
  const frameOf = createFrames(parts);
  return new Hono<CallerEnv>().use(protectPages).post('/', async (context) => {
    const idToken = await sessions.signOut(context);
    const asked = idToken === undefined ? undefined : oidc?.provider.findSignOut(idToken);
    const place = await asked?.catch(({ name }: Error) => {
      log.warn({ code: name }, 'the OpenID Connect provider cannot be asked');
      return undefined;
    });
    if (place === undefined) return context.redirect('/sign-in?out', 303);
    // Browsers let no form lead to another host, so this is a page that leads there.
    context.header('refresh', `0; url=${place.href}`);
    const frame = { ...frameOf(context), caller: undefined, formToken: undefined };
    return context.html(renderSignedOut(frame, place.host, place.href));
  });
}

/** Signs in with the token that `find` returns, or shows why that is refused. */
function createEnter({ sessions, log }: SignInParts, show: Show) {
  return async (
    context: SiteContext,
    by: 'token' | 'link',
    next: string,
    find: (tried: Try) => TokenHash,
  ): Promise<Response> => {
    const { address } = context.get('client');
    try {
      const token = find({ what: 'sign-in', address });
      await sessions.begin(context, token, by);
      log.info({ name: token.name, role: token.role, from: address }, 'somebody signed in');
      return context.redirect(next, 303);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return refuse(context, error.problem, { by, next, show });
    }
  };
}

interface Refused {
  readonly by: 'token' | 'link';
  readonly next: string;
  readonly show: Show;
}

function refuse(context: SiteContext, problem: Problem, { by, next, show }: Refused) {
  const wait = problem.headers?.['retry-after'];
  context.status(wait === undefined ? 401 : 429);
  if (wait !== undefined) context.header('retry-after', wait);
  return show(context, { next, note: renderRefusedTry(by, wait), isError: true });
}

const mostFormBytes = 16_384;
const limitFields = bodyLimit({
  maxSize: mostFormBytes,
  onError() {
    throw new ProblemError({ status: 413, detail: `the form is over ${mostFormBytes} bytes` });
  },
});

async function readFields({ req }: SiteContext) {
  const { token, next } = await readForm(req);
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { token: text(token), next: text(next) };
}
