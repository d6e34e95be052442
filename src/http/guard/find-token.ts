import { timingSafeEqual } from 'node:crypto';
import { hashToken, type TokenHash } from '../../config/http/http-config.ts';
import type { NoteDenied } from '../../operations/recording/permit.ts';
import type { FindCaller } from '../create-site.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import type { HoldOff } from './hold-off.ts';

/** What a token is checked with. */
export interface TokenChecks {
  readonly tokens: readonly TokenHash[];
  readonly holdOff: HoldOff;
  /** Hears of wrong tokens. */
  readonly noteDenied: NoteDenied;
}

/** The caller whose token stands in `Authorization: Bearer`. A wrong token is a 401. */
export function createTokenFinder(checks: TokenChecks): FindCaller {
  return (context) => {
    const given = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (given === undefined) return undefined;
    const { address } = context.get('client');
    const found = tryToken(checks, given, { what: 'token', address });
    return { name: found.name, role: found.role, from: address, proof: { known: 'token' } };
  };
}

/** What somebody tries at this address: a call with a token, or to sign in. */
export interface Try {
  readonly what: 'token' | 'sign-in';
  readonly address: string;
}

/** Throws 401 for a wrong token, and 429 for an address that has sent too many. */
export function tryToken(checks: TokenChecks, given: string, tried: Try): TokenHash {
  return tryCredential(checks, tried, () => matchToken(checks.tokens, hashToken(given)));
}

/** The token that `match` finds for whoever tries, as `tryToken` returns or throws. */
export function tryCredential(
  { holdOff, noteDenied }: Pick<TokenChecks, 'holdOff' | 'noteDenied'>,
  { what, address }: Try,
  match: () => TokenHash | undefined,
): TokenHash {
  const refuse = (problem: Problem) => {
    const { detail: reason } = problem;
    noteDenied({ who: null, role: null, what, origin: address, reason });
    return new ProblemError(problem);
  };
  const seconds = holdOff.secondsLeft(address);
  if (seconds > 0) {
    throw refuse({
      status: 429,
      detail: 'too many wrong tokens came from this address',
      headers: { 'retry-after': String(seconds) },
    });
  }
  const found = match();
  if (found !== undefined) return found;
  holdOff.noteWrong(address);
  throw refuse({
    status: 401,
    detail: 'the token is not known',
    headers: { 'www-authenticate': 'Bearer realm="keysweep", error="invalid_token"' },
  });
}

/** Compares with every token, so that the time tells nothing. */
function matchToken(tokens: readonly TokenHash[], hash: Buffer): TokenHash | undefined {
  return tokens.filter(({ sha256 }) => timingSafeEqual(sha256, hash))[0];
}
