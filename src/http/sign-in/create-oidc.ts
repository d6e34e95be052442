import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { OidcConfig } from '../../config/http/oidc-config.ts';
import { boundText } from '../../operations/recording/bound-input.ts';
import type { NoteDenied } from '../../operations/recording/permit.ts';
import { cutText } from '../../text/cut-text.ts';
import type { CallerEnv } from '../caller-env.ts';
import { type BegunAttempt, createAttempts } from '../oidc/attempts.ts';
import type { Identified, Provider } from '../oidc/open-provider.ts';
import { planRole } from '../oidc/plan-role.ts';
import { withQuery } from '../pages/paths.ts';
import { protectPages } from '../pages/protect-pages.ts';
import type { Sessions } from '../session/sessions.ts';
import { planReturn } from './plan-return.ts';
import type { Show } from './show.ts';

/** Signing in at a provider. */
export interface OidcParts {
  readonly oidc: OidcConfig;
  readonly provider: Provider;
  readonly publicUrl: string;
}

interface Around {
  readonly sessions: Sessions;
  readonly show: Show;
  readonly log: Logger;
  readonly noteDenied: NoteDenied;
  now(): Date;
}

type SiteContext = Context<CallerEnv>;

/** The way to the provider and back, to be mounted under `/sign-in/oidc`. */
export function createOidc(parts: OidcParts, around: Around): Hono<CallerEnv> {
  const { oidc, provider, publicUrl } = parts;
  const { sessions, show, log } = around;
  const attempts = createAttempts(publicUrl, () => around.now().getTime());
  const site = new Hono<CallerEnv>().use(protectPages);
  const fail = (context: SiteContext, next: string, note: string) => {
    context.status(403);
    return show(context, { next, note, isError: true });
  };

  const leadHome = createLead(publicUrl, show);
  const noteRefused = createRefusalNote(around);
  site.get('/', async (context) => {
    const next = planReturn(context.req.query('next'));
    const isSilent = asksToRenew(context);
    const led = leadHome(context, next);
    if (led !== undefined) return led;
    const attempt = attempts.begin(context, next, isSilent);
    try {
      return context.redirect((await provider.begin(attempt.checks, isSilent)).href, 303);
    } catch (error) {
      log.warn({ code: codeOf(error) }, 'the OpenID Connect provider cannot be asked');
      context.status(503);
      return show(context, { next, note: unreachable, isError: true });
    }
  });

  site.get('/callback', async (context) => {
    const attempt = attempts.end(context, context.req.query('state') ?? '');
    if (attempt === undefined) {
      noteRefused(context, null, 'it took more than 10 minutes, or began in another browser');
      return fail(context, '/', lateAttempt);
    }
    const { next, checks, isSilent } = attempt;
    const { search } = new URL(context.req.url);
    const found = await provider.finish(checks, search).catch((error: unknown) => {
      // A provider that may not ask often does not know any more who this is.
      if (!isSilent) log.warn({ code: codeOf(error) }, 'a sign-in at the provider failed');
      return undefined;
    });
    if (found !== undefined) return enter(context, found, attempt);
    await sessions.end(context);
    if (isSilent) return context.redirect(withQuery('/sign-in', { next }), 303);
    noteRefused(context, null, 'the provider did not confirm who this is');
    return fail(context, next, refused);
  });
  return site;

  async function enter(
    context: SiteContext,
    found: Identified,
    { next, isSilent }: BegunAttempt,
  ): Promise<Response> {
    const [name, role] = [nameOf(found), planRole(found.claims, oidc.roles)];
    if (role === undefined) {
      await sessions.end(context);
      noteRefused(context, name, 'no role');
      return fail(context, '/', noRole);
    }
    const isRenewal = isSilent && nameBefore(context) === name;
    await sessions.beginOidc(context, oidc, { name, role, ...personIn(found) }, isRenewal);
    if (!isRenewal) log.info({ name, role, from: addressOf(context) }, 'somebody signed in');
    return context.redirect(next, 303);
  }
}

/**
 * Leads a browser to the public address, because the cookie must be where the provider sends it back.
 * Where it was led already, a proxy writes another `Host`, and to lead it again would never end.
 */
function createLead(publicUrl: string, show: Show) {
  const { protocol, host } = new URL(publicUrl);
  return (context: SiteContext, next: string): Response | undefined => {
    const { req } = context;
    if (new URL(`${protocol}//${req.header('host')}`).host === host) return undefined;
    if (req.query('led') === undefined) {
      const path = withQuery('/sign-in/oidc', { next, led: '' });
      return context.redirect(`${publicUrl.replace(/\/+$/, '')}${path}`, 303);
    }
    context.status(421);
    const note = `The proxy before keysweep must pass on the header Host, which is ${host} in your browser.`;
    return show(context, { next, note, isError: true });
  };
}

/** To renew is no sign-in to record, so without a session there is nothing to renew. */
function asksToRenew(context: SiteContext): boolean {
  return context.req.query('silent') !== undefined && context.get('renewable') !== undefined;
}

/**
 * Whose session this browser has or had. Somebody else may have signed in at the provider since;
 * another tab may have renewed the session already.
 */
function nameBefore(context: SiteContext): string | undefined {
  return context.get('renewable') ?? context.get('caller')?.name;
}

function createRefusalNote({ noteDenied }: Around) {
  return (context: SiteContext, who: string | null, reason: string): void => {
    noteDenied({ who, role: null, what: 'sign-in', origin: addressOf(context), reason });
  };
}

function addressOf(context: SiteContext): string {
  return context.get('client').address;
}

const unreachable = 'The sign-in provider cannot be reached now. Tokens still work.';
const lateAttempt =
  'This sign-in took more than 10 minutes, or began in another browser. Begin again.';
const refused = 'The sign-in provider did not confirm who you are. Begin again.';
const noRole =
  'You are known to the sign-in provider, but have no role in keysweep. Ask whoever runs it.';

/** The name that the provider shows, and after it the one that never changes. */
function nameOf({ claims }: Identified): string {
  const shown = claims['preferred_username'] ?? claims['email'] ?? 'oidc';
  return `${cutText(String(shown), 80)} (${cutText(String(claims['sub']), 100)})`;
}

/**
 * Who it is beside the shown name. A mail that the provider calls not verified is only what somebody
 * says of themselves, so it does not count. Not every provider says whether it is.
 */
function personIn({ claims, idToken }: Identified) {
  const text = (value: unknown) => (typeof value === 'string' ? boundText(value) : null);
  return {
    subject: boundText(String(claims['sub']), 300),
    mail: claims['email_verified'] === false ? null : text(claims['email']),
    login: text(claims['preferred_username']),
    idToken,
  };
}

/** The innermost code: around the refusal of a connection, the library says little. */
function codeOf(error: unknown): string {
  const { code, name, cause } = error instanceof Error ? (error as Error & Coded) : ({} as Coded);
  if (cause instanceof Error) return codeOf(cause);
  return typeof code === 'string' ? code : String(name);
}

interface Coded {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly cause?: unknown;
}
