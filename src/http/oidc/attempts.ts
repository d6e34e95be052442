import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { CallerEnv } from '../caller-env.ts';
import { createCookie } from '../session/cookies.ts';
import { derive, makeSecret, secretForm } from '../session/derive-from-secret.ts';
import { planReturn } from '../sign-in/plan-return.ts';
import type { SignInChecks } from './open-provider.ts';

const lastsSeconds = 600;

/** An attempt that a browser has begun. */
export interface BegunAttempt {
  readonly checks: SignInChecks;
  readonly next: string;
  readonly isSilent: boolean;
}

type SiteContext = Context<CallerEnv>;

/**
 * Attempts to sign in at the provider. The browser keeps each for 10 minutes in a cookie of its own,
 * because several tabs may renew their session at once: a random secret, when it began, and where it
 * leads. State, nonce and verifier are derived from all of them, so a changed cookie fits no answer
 * of the provider, and the server keeps nothing.
 */
export function createAttempts(publicUrl: string, now: () => number) {
  const cookieOf = (mark: string) => createCookie(`${cookieStart}${mark}`, lastsSeconds, publicUrl);
  return {
    begin(context: SiteContext, next: string, isSilent: boolean): BegunAttempt {
      for (const mark of listSurplus(getCookie(context))) cookieOf(mark).remove(context);
      const way = Buffer.from(next).toString('base64url');
      const value = [makeSecret(), Math.floor(now() / 1_000), isSilent ? 1 : 0, way].join('.');
      const checks = deriveChecks(value);
      cookieOf(markOf(checks.state)).write(context, value);
      return { checks, next, isSilent };
    },
    /** The attempt of this state, which ends now; undefined if the browser has none, or it is too old. */
    end(context: SiteContext, state: string): BegunAttempt | undefined {
      if (!secretForm.test(state)) return undefined;
      const cookie = cookieOf(markOf(state));
      const value = cookie.read(context) ?? '';
      cookie.remove(context);
      const [secret = '', at = '', silent = '', way = ''] = value.split('.');
      if (!secretForm.test(secret) || !/^\d{1,12}$/.test(at)) return undefined;
      const age = now() / 1_000 - Number(at);
      if (age < -60 || age > lastsSeconds) return undefined;
      const next = planReturn(Buffer.from(way, 'base64url').toString());
      return { checks: deriveChecks(value), next, isSilent: silent === '1' };
    },
  };
}

const cookieStart = 'keysweep-oidc-';
const markLength = 8;
const cookieForm = new RegExp(`^(?:__Host-)?${cookieStart}([\\w-]{${markLength}})$`);

/** What tells the cookies of attempts apart. */
function markOf(state: string): string {
  return state.slice(0, markLength);
}

/** A request has room for 16 kB of headers. */
const mostKeptLength = 6_000;

/** The marks of the oldest attempts, where all together would be too long for a request. */
function listSurplus(cookies: Readonly<Record<string, string>>): readonly string[] {
  const begun = Object.entries(cookies).flatMap(([name, value]) => {
    const mark = cookieForm.exec(name)?.[1];
    return mark === undefined ? [] : [{ mark, value, at: Number(value.split('.')[1]) }];
  });
  let length = 0;
  return begun
    .sort((a, b) => b.at - a.at)
    .filter(({ value }) => {
      length += value.length;
      return length > mostKeptLength;
    })
    .map(({ mark }) => mark);
}

function deriveChecks(value: string): SignInChecks {
  const part = (purpose: string) => derive(value, purpose).toString('base64url');
  return { state: part('state'), nonce: part('nonce'), verifier: part('verifier') };
}
