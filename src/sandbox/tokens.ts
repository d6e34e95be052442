import { randomBytes } from 'node:crypto';

/** The access tokens that were issued. */
export interface Tokens {
  issue(): { readonly value: string; readonly expires: number };
  /** Whether an Authorization header has a valid token. */
  accepts(authorization: string | undefined): boolean;
  /** Makes every token invalid at once. */
  revokeAll(): void;
}

/** A token looks like a JWT and is valid for `lifeMs`. */
export function createTokens(lifeMs: number): Tokens {
  const expiries = new Map<string, number>();

  return {
    issue() {
      const now = Date.now();
      for (const [token, expires] of expiries) if (expires <= now) expiries.delete(token);

      const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
      const header = part({ alg: 'HS256', typ: 'JWT' });
      const claims = part({ jti: randomBytes(16).toString('hex'), iat: now });
      const value = `${header}.${claims}.${randomBytes(32).toString('base64url')}`;
      expiries.set(value, now + lifeMs);
      return { value, expires: now + lifeMs };
    },

    accepts(authorization) {
      if (authorization === undefined || !/^bearer /i.test(authorization)) return false;
      const expires = expiries.get(authorization.slice('bearer '.length));
      return expires !== undefined && Date.now() < expires;
    },

    revokeAll() {
      expiries.clear();
    },
  };
}
