import type { ObserveContext, Pace } from '../key-source.ts';
import { holdBack } from '../limit/hold-back.ts';
import type { Lookup } from '../lookup.ts';
import type { TokenKeeper } from './token-keeper.ts';

interface TokenParts {
  readonly tokens: TokenKeeper;
  readonly pace: Pace;
  /** Sends the request for the key with this token. */
  readonly send: (token: string) => Promise<Lookup>;
}

/** Asks once, and once more with another token after a 401. */
export async function askWithToken(
  parts: TokenParts,
  keyId: string,
  context: ObserveContext,
): Promise<Lookup> {
  const { tokens } = parts;
  const first = await sendUnderPace(parts, context, false);
  if (first.token === undefined || !isUnauthorized(first.found)) return first.found;
  const failure = tokens.renew(first.token, keyId, context);
  if (failure !== undefined) return failure;

  const second = await sendUnderPace(parts, context, true);
  if (second.token === undefined || !isUnauthorized(second.found)) return second.found;
  return tokens.refuse(second.token, keyId, context);
}

/**
 * Looks for the token again after the wait for a permit, which may outlast a token. The permit of a
 * call that then waits for another token is too old: all who wait would ask at once.
 */
async function sendUnderPace(
  { tokens, pace, send }: TokenParts,
  context: ObserveContext,
  again: boolean,
) {
  const ready = await tokens.current(context);
  if (ready.kind === 'failure') return { found: ready, token: undefined };
  await pace.take(context.signal, context.urgent);
  const had = tokens.has();
  const held = await tokens.current(context);
  if (held.kind === 'failure') return { found: held, token: undefined };
  if (!had) await pace.take(context.signal, context.urgent);

  const { token } = held;
  const found = await send(token.value);
  if (found.kind === 'failure') await holdBack(found, pace);
  if (showsAccepted(found)) tokens.accept(token, context, again);
  return { found, token };
}

const isUnauthorized = (found: Lookup) =>
  found.kind === 'failure' && found.reason === 'unauthorized';

/** A 403 refuses what the token may do, not the token. */
const showsAccepted = (found: Lookup) => found.kind !== 'failure' || found.reason === 'forbidden';
