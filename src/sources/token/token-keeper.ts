import { untilAborted } from '../http/until-aborted.ts';
import type { ObserveContext } from '../key-source.ts';
import { type LookupFailure, lookupFailure } from '../lookup.ts';
import { noRefusal, planAccepted, planRefusal, type RefusalState } from './plan-refusal.ts';

/** An access token and how long it lives, in milliseconds from its receipt. */
export interface IssuedToken {
  readonly kind: 'issued';
  readonly value: string;
  readonly lifeMs: number;
}

/** A token in use. `renewed`: requested because of a 401. `worked`: a key was read with it. */
interface Token {
  readonly value: string;
  readonly renewAt: number;
  readonly renewed: boolean;
  worked: boolean;
}

type TokenOrNot = { readonly kind: 'token'; readonly token: Token } | LookupFailure;

export interface TokenKeeper {
  /** Whether `current` would return a token at once. */
  has(): boolean;
  /** The token to use now. All calls that wait for one share one request. */
  current(context: ObserveContext): Promise<TokenOrNot>;
  /** After a 401: undefined if the next token is worth a try, else the failure for the key. */
  renew(refused: Token, keyId: string, context: ObserveContext): LookupFailure | undefined;
  /** The failure for a key that got a 401 with a second token. */
  refuse(refused: Token, keyId: string, context: ObserveContext): LookupFailure;
  /** The source answered under the token. `again`: the key had got a 401 before. */
  accept(token: Token, context: ObserveContext, again: boolean): void;
}

// Only a few sweeps overlap, so nothing needs the memory of older ones.
const sweepsRemembered = 50;

/**
 * Keeps one token for all calls. It renews the token a tenth of its life before its end, 30 s at
 * most, so that it is still valid when a request arrives. A permanent failure, such as refused
 * credentials, is remembered for its sweep; so is a source that refuses the tokens it issues.
 */
export function createTokenKeeper(options: {
  readonly request: (nowMs: () => number) => Promise<IssuedToken | LookupFailure>;
  readonly ticks: () => number;
}): TokenKeeper {
  let token: Token | undefined;
  let underWay: Promise<TokenOrNot> | undefined;
  let renewing = false;
  const failures = new Map<string, LookupFailure>();
  const refusals = new Map<string, RefusalState>();

  const fetchToken = async (context: ObserveContext) => {
    const issued = await options.request(() => context.now().getTime());
    if (issued.kind === 'failure') return issued;
    const marginMs = Math.min(issued.lifeMs / 10, 30_000);
    const renewAt = options.ticks() + issued.lifeMs - marginMs;
    token = { value: issued.value, renewAt, renewed: renewing, worked: false };
    renewing = false;
    return { kind: 'token', token } as const;
  };

  const usable = () => (token !== undefined && options.ticks() < token.renewAt ? token : undefined);

  const current = async (context: ObserveContext) => {
    const known = failures.get(context.sweep);
    if (known !== undefined) return known;
    const held = usable();
    if (held !== undefined) return { kind: 'token', token: held } as const;

    underWay ??= fetchToken(context).finally(() => {
      underWay = undefined;
    });
    const outcome = await untilAborted(underWay, context.signal);
    if (outcome.kind !== 'failure' || !outcome.permanent) return outcome;
    const failure = { ...outcome, refusesAll: outcome.reason === 'unauthorized' };
    remember(failures, context.sweep, failure);
    return failure;
  };

  /** Drops the token, or returns the failure for the key that got the 401. */
  const judge = (refused: Token, key: string, context: ObserveContext) => {
    const before = refusals.get(context.sweep) ?? noRefusal;
    const fresh = refused.renewed && !refused.worked;
    const { state, step } = planRefusal(before, { key, fresh });
    remember(refusals, context.sweep, state);
    if (step === 'key') return keyRefused;
    if (step === 'source') {
      remember(failures, context.sweep, sourceRefused);
      return sourceRefused;
    }
    token = undefined;
    renewing = true;
    return undefined;
  };

  return {
    has: () => usable() !== undefined,
    current,

    renew: (refused, key, context) =>
      // Another call has dropped the token already: its successor is tried first.
      token === refused ? judge(refused, key, context) : undefined,

    refuse: (refused, key, context) =>
      (token === refused ? judge(refused, key, context) : undefined) ?? keyRefused,

    accept(used, { sweep }, again) {
      used.worked = true;
      const before = refusals.get(sweep);
      if (before !== undefined) remember(refusals, sweep, planAccepted(before, again));
    },
  };
}

/** The failure when a renewed token is refused too. */
const keyRefused = lookupFailure('unauthorized', 'HTTP 401 after one renewal of the token', {
  permanent: true,
});

/** The failure when the source issues tokens and refuses them. */
const sourceRefused = lookupFailure(
  'unauthorized',
  'the source refuses its own renewed tokens (HTTP 401 for 3 keys in a row)',
  { permanent: true, refusesAll: true },
);

function remember<T>(memory: Map<string, T>, sweep: string, value: T): void {
  memory.set(sweep, value);
  const [oldest] = memory.keys();
  if (memory.size > sweepsRemembered && oldest !== undefined) memory.delete(oldest);
}
