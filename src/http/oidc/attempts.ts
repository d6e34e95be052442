import type { Context } from 'hono';
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
 * Attempts to sign in at the provider. The browser keeps its own in a cookie for 10 minutes: a
 * random secret, when it began, and where it leads. State, nonce and verifier are derived from all
 * of them, so a changed cookie fits no answer of the provider, and the server keeps nothing.
 */
export function createAttempts(publicUrl: string, now: () => number) {
  const cookie = createCookie('keysweep-oidc', lastsSeconds, publicUrl);
  return {
    begin(context: SiteContext, next: string, isSilent: boolean): BegunAttempt {
      const rest = [Math.floor(now() / 1_000), isSilent ? 1 : 0, encodeURIComponent(next)];
      const value = [makeSecret(), ...rest].join('.');
      cookie.write(context, value);
      return { checks: deriveChecks(value), next, isSilent };
    },
    /** The attempt of this browser, which ends now; undefined if there is none, or it is too old. */
    end(context: SiteContext): BegunAttempt | undefined {
      const value = cookie.read(context) ?? '';
      cookie.remove(context);
      const [secret = '', at = '', silent = '', ...rest] = value.split('.');
      if (!secretForm.test(secret) || !/^\d{1,12}$/.test(at)) return undefined;
      const age = now() / 1_000 - Number(at);
      if (age < -60 || age > lastsSeconds) return undefined;
      const next = planReturn(decode(rest.join('.')));
      return { checks: deriveChecks(value), next, isSilent: silent === '1' };
    },
  };
}

function deriveChecks(value: string): SignInChecks {
  const part = (purpose: string) => derive(value, purpose).toString('base64url');
  return { state: part('state'), nonce: part('nonce'), verifier: part('verifier') };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
