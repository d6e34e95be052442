import { timingSafeEqual } from 'node:crypto';
import { hashToken, type TokenHash } from '../../config/http/http-config.ts';
import type { FindCaller } from '../create-site.ts';
import { ProblemError } from '../problems/problem.ts';
import type { HoldOff } from './hold-off.ts';

/** The caller whose token stands in `Authorization: Bearer`. A wrong token is a 401. */
export function createTokenFinder(tokens: readonly TokenHash[], holdOff: HoldOff): FindCaller {
  return (context) => {
    const given = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (given === undefined) return undefined;
    const { address } = context.get('client');
    const found = tryToken(tokens, given, holdOff, address);
    return { name: found.name, role: found.role, from: address };
  };
}

/** Throws 401 for a wrong token, and 429 for an address that has sent too many. */
export function tryToken(
  tokens: readonly TokenHash[],
  given: string,
  holdOff: HoldOff,
  address: string,
): TokenHash {
  const seconds = holdOff.secondsLeft(address);
  if (seconds > 0) {
    throw new ProblemError({
      status: 429,
      detail: 'too many wrong tokens came from this address',
      headers: { 'retry-after': String(seconds) },
    });
  }
  const found = matchToken(tokens, hashToken(given));
  if (found !== undefined) return found;
  holdOff.noteWrong(address);
  throw new ProblemError({
    status: 401,
    detail: 'the token is not known',
    headers: { 'www-authenticate': 'Bearer realm="keysweep", error="invalid_token"' },
  });
}

/** Compares with every token, so that the time tells nothing. */
function matchToken(tokens: readonly TokenHash[], hash: Buffer): TokenHash | undefined {
  return tokens.filter(({ sha256 }) => timingSafeEqual(sha256, hash))[0];
}
