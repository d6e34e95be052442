import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { CallerEnv } from '../caller-env.ts';

/** A cookie of this site, which no script can read and no other site can use for a change. */
export interface SiteCookie {
  read(context: Context<CallerEnv>): string | undefined;
  write(context: Context<CallerEnv>, value: string): void;
  remove(context: Context<CallerEnv>): void;
}

/**
 * Over TLS, its name begins with `__Host-`, so that no other host of the domain can set it; a cookie
 * without the prefix does not count there.
 */
export function createCookie(
  name: string,
  lastsSeconds: number,
  publicUrl: string | undefined,
): SiteCookie {
  const fields = (context: Context<CallerEnv>) => {
    const isSecure = isOverTls(context, publicUrl);
    const prefix = isSecure ? ({ prefix: 'host' } as const) : {};
    const safe = { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure } as const;
    return { ...prefix, ...safe };
  };
  return {
    read: (context) =>
      isOverTls(context, publicUrl) ? getCookie(context, name, 'host') : getCookie(context, name),
    write: (context, value) =>
      setCookie(context, name, value, { ...fields(context), maxAge: lastsSeconds }),
    remove: (context) => void deleteCookie(context, name, fields(context)),
  };
}

/** Whether the browser asked over TLS: at the public address, or as a trusted proxy says. */
function isOverTls(context: Context<CallerEnv>, publicUrl: string | undefined): boolean {
  if (context.get('client').isSecure) return true;
  if (publicUrl === undefined) return false;
  const { protocol, host } = new URL(publicUrl);
  return protocol === 'https:' && new URL(`https://${context.req.header('host')}`).host === host;
}
