import type { ObserveContext, Pace } from '../key-source.ts';
import { holdBack } from '../limit/hold-back.ts';
import type { Lookup } from '../lookup.ts';
import { stillRefused, type TokenKeeper } from './token-keeper.ts';

interface TokenParts {
  readonly tokens: TokenKeeper;
  readonly pace: Pace;
  /** Sends the request for the key with this token. */
  readonly send: (token: string) => Promise<Lookup>;
}

/** Asks once, and once more with a renewed token after a 401. */
export async function askWithToken(parts: TokenParts, context: ObserveContext): Promise<Lookup> {
  const { tokens } = parts;
  const held = await tokens.current(context);
  if (held.kind === 'failure') return held;

  const first = await sendUnderPace(parts, context);
  if (!isUnauthorized(first.found) || first.token === undefined) return first.found;
  const renewed = await tokens.renew(first.token, context);
  if (renewed.kind === 'failure') return renewed;

  const second = await sendUnderPace(parts, context);
  if (!isUnauthorized(second.found)) return second.found;
  tokens.giveUp(context.sweep);
  return stillRefused;
}

/** Gets the token after the wait for a permit, because that wait may outlast a token. */
async function sendUnderPace({ tokens, pace, send }: TokenParts, context: ObserveContext) {
  await pace.take(context.signal, context.urgent);
  const held = await tokens.current(context);
  if (held.kind === 'failure') return { found: held, token: undefined };

  const { token } = held;
  const found = await send(token.value);
  if (found.kind === 'failure') await holdBack(found, pace);
  else token.worked = true;
  return { found, token };
}

const isUnauthorized = (found: Lookup) =>
  found.kind === 'failure' && found.reason === 'unauthorized';
