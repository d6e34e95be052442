import { untilAborted } from '../http/until-aborted.ts';
import type { ObserveContext } from '../key-source.ts';
import { type LookupFailure, lookupFailure } from '../lookup.ts';

/** An access token and how long it lives, in milliseconds from its receipt. */
export interface IssuedToken {
  readonly kind: 'issued';
  readonly value: string;
  readonly lifeMs: number;
}

/** A token in use. `worked`: a key was read with it. */
interface Token {
  readonly value: string;
  readonly renewAt: number;
  /** The sweep whose 401 made us request this token; null if there was no 401. */
  readonly renewedFor: string | null;
  worked: boolean;
}

type TokenOrNot = { readonly kind: 'token'; readonly token: Token } | LookupFailure;

export interface TokenKeeper {
  /** The token to use now. All calls that wait for one share one request. */
  current(context: ObserveContext): Promise<TokenOrNot>;
  /** The token to use after a 401 on `refused`: renewed once; if that did not help, not again. */
  renew(refused: Token, context: ObserveContext): Promise<TokenOrNot>;
  /** A renewed token got a 401 too: in this sweep, a 401 causes no further renewal. */
  giveUp(sweep: string): void;
}

// Only a few sweeps overlap, so nothing needs the memory of older ones.
const sweepsRemembered = 50;

/**
 * Keeps one token for all calls. It renews the token a tenth of its life before its end, 30 s at
 * most, so that it is still valid when a request arrives. A permanent failure, such as refused
 * credentials, is remembered for its sweep.
 */
export function createTokenKeeper(options: {
  readonly request: (nowMs: () => number) => Promise<IssuedToken | LookupFailure>;
  readonly ticks: () => number;
}): TokenKeeper {
  let token: Token | undefined;
  let underWay: Promise<TokenOrNot> | undefined;
  const refusals = new Map<string, LookupFailure>();
  const inVain = new Map<string, true>();

  const fetchToken = async (context: ObserveContext, renewedFor: string | null) => {
    const issued = await options.request(() => context.now().getTime());
    if (issued.kind === 'failure') return issued;
    const marginMs = Math.min(issued.lifeMs / 10, 30_000);
    const renewAt = options.ticks() + issued.lifeMs - marginMs;
    token = { value: issued.value, renewAt, renewedFor, worked: false };
    return { kind: 'token', token } as const;
  };

  const obtain = async (context: ObserveContext, renewedFor: string | null) => {
    if (token !== undefined && options.ticks() < token.renewAt)
      return { kind: 'token', token } as const;
    const known = refusals.get(context.sweep);
    if (known !== undefined) return known;

    underWay ??= fetchToken(context, renewedFor).finally(() => {
      underWay = undefined;
    });
    const outcome = await untilAborted(underWay, context.signal);
    if (outcome.kind !== 'failure' || !outcome.permanent) return outcome;
    const refusal = { ...outcome, refusesAll: outcome.reason === 'unauthorized' };
    remember(refusals, context.sweep, refusal);
    return refusal;
  };

  const keeper: TokenKeeper = {
    current: (context) => obtain(context, null),

    async renew(refused, context) {
      if (refused.renewedFor === context.sweep && !refused.worked) keeper.giveUp(context.sweep);
      if (inVain.has(context.sweep)) return stillRefused;
      if (token === refused) token = undefined;
      return obtain(context, context.sweep);
    },

    giveUp: (sweep) => remember(inVain, sweep, true),
  };
  return keeper;
}

/** The failure when a renewed token is refused too. */
export const stillRefused = lookupFailure(
  'unauthorized',
  'HTTP 401 after one renewal of the token',
  {
    permanent: true,
  },
);

function remember<T>(memory: Map<string, T>, sweep: string, value: T): void {
  memory.set(sweep, value);
  const [oldest] = memory.keys();
  if (memory.size > sweepsRemembered && oldest !== undefined) memory.delete(oldest);
}
