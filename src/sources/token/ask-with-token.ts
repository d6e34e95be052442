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
  const held = await tokens.current(context);
  if (held.kind === 'failure') return held;

  const first = await sendUnderPace(parts, context, false);
  if (first.token === undefined || !isUnauthorized(first.found)) return first.found;
  const failure = tokens.renew(first.token, keyId, context);
  if (failure !== undefined) return failure;

  const second = await sendUnderPace(parts, context, true);
  if (second.token === undefined || !isUnauthorized(second.found)) return second.found;
  return tokens.refuse(second.token, keyId, context);
}

/** Gets the token after the wait for a permit, because that wait may outlast a token. */
async function sendUnderPace(
  { tokens, pace, send }: TokenParts,
  context: ObserveContext,
  again: boolean,
) {
  await pace.take(context.signal, context.urgent);
  const held = await tokens.current(context);
  if (held.kind === 'failure') return { found: held, token: undefined };

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
