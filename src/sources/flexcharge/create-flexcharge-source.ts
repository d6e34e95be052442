import { setMaxListeners } from 'node:events';
import type { SourceConfig } from '../../config/config.ts';
import { createAbortWatch } from '../http/abort-watch.ts';
import { createSlots } from '../http/slots.ts';
import { SourceClosed } from '../http/source-closed.ts';
import { createSourcePause } from '../http/source-pause.ts';
import { openTransport, type Transport } from '../http/transport.ts';
import type { KeySource, ObserveContext, Pace } from '../key-source.ts';
import { answerFrom, type Lookup, type LookupFailure, lookupFailure } from '../lookup.ts';
import {
  createTokenKeeper,
  type IssuedToken,
  stillRefused,
  type TokenKeeper,
} from '../token/token-keeper.ts';
import { judgeKeyReply } from './judge-reply.ts';
import { readToken } from './read-token.ts';

export interface FlexchargeOptions {
  readonly config: SourceConfig;
  readonly credentials: { readonly appKey: string; readonly appSecret: string };
  readonly paceMaker: Pace;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks?: () => number;
}

interface Parts extends FlexchargeOptions {
  readonly transport: Transport;
  readonly tokens: TokenKeeper;
}

// Fewer calls than this without an answer are keys that fail, not a source that is gone.
const leastSilentCalls = 10;

/**
 * The vendor's API as a source of keys. Asks for at most `config.concurrency` keys at a time, each
 * under the shared rate limit, with one token for all. Owns its connections until `close`.
 */
export function createFlexchargeSource(options: FlexchargeOptions): KeySource {
  const { config, ticks = () => performance.now() } = options;
  const closing = new AbortController();
  const aborts = createAbortWatch();
  const transport = openTransport(config.timeoutMs, aborts);
  const request = (nowMs: () => number) => requestToken({ ...options, transport }, nowMs, closing);
  const parts = { ...options, transport, tokens: createTokenKeeper({ request, ticks }) };
  const slots = createSlots(config.concurrency, aborts);
  const pause = createSourcePause(Math.max(leastSilentCalls, config.concurrency), ticks);

  const askWhileOpen = async (keyId: string, context: ObserveContext) => {
    closing.signal.throwIfAborted();
    const learned = await askForKey(parts, keyId, context);
    // Connections dropped by `close` look like a vendor that is down.
    closing.signal.throwIfAborted();
    return learned;
  };

  return {
    id: config.id,

    async observe(keyId, context) {
      // A batch's calls share one signal: hundreds of listeners on it are no leak.
      setMaxListeners(0, context.signal);
      await slots.take(context.signal, context.urgent);
      try {
        const learned = await pause.through(() => askWhileOpen(keyId, context));
        return answerFrom(learned, context.now());
      } finally {
        slots.release();
      }
    },

    async close() {
      closing.abort(new SourceClosed(config.id));
      transport.close();
    },
  };
}

/** Asks once, and once more with a renewed token after a 401. */
async function askForKey(parts: Parts, keyId: string, context: ObserveContext): Promise<Lookup> {
  const url = keyUrl(parts.config.baseUrl, keyId);
  if (url === undefined) return unaskable;
  const held = await parts.tokens.current(context);
  if (held.kind === 'failure') return held;

  const first = await askWithToken(parts, url, keyId, context);
  if (!isUnauthorized(first.learned) || first.token === undefined) return first.learned;
  const renewed = await parts.tokens.renew(first.token, context);
  if (renewed.kind === 'failure') return renewed;

  const second = await askWithToken(parts, url, keyId, context);
  if (!isUnauthorized(second.learned)) return second.learned;
  parts.tokens.giveUp(context.sweep);
  return stillRefused;
}

/** The wait for leave may outlast a token, so the one to use is fetched after it. */
async function askWithToken(parts: Parts, url: string, keyId: string, context: ObserveContext) {
  const { signal } = context;
  await parts.paceMaker.take(signal, context.urgent);
  const held = await parts.tokens.current(context);
  if (held.kind === 'failure') return { learned: held, token: undefined };

  const { token } = held;
  const headers = { authorization: `bearer ${token.value}` };
  const reply = await parts.transport.send({ method: 'GET', url, headers, signal });
  const learned = judgeKeyReply(reply, keyId);
  if (learned.kind === 'failure') await holdBack(learned, parts.paceMaker);
  else token.worked = true;
  return { learned, token };
}

async function requestToken(
  { config, credentials, paceMaker, transport }: Omit<Parts, 'tokens'>,
  nowMs: () => number,
  closing: AbortController,
): Promise<IssuedToken | LookupFailure> {
  const reply = await transport.send({
    method: 'POST',
    url: `${config.baseUrl}/oauth2/token`,
    json: { AppKey: credentials.appKey, AppSecret: credentials.appSecret },
    signal: closing.signal,
  });
  const issued = readToken(reply, nowMs());
  if (issued.kind === 'failure') await holdBack(issued, paceMaker);
  return issued;
}

/** When the vendor says how long to stay away, every worker is told. */
async function holdBack({ reason, retryAfterMs }: LookupFailure, paceMaker: Pace): Promise<void> {
  if (reason === 'rate-limited' && retryAfterMs !== undefined) await paceMaker.pause(retryAfterMs);
}

const isUnauthorized = (learned: Lookup) =>
  learned.kind === 'failure' && learned.reason === 'unauthorized';

const unaskable = lookupFailure('vendor-error', 'the id cannot be put in a URL', {
  permanent: true,
});

/** An id is opaque: escaped whole. `.`, `..` and lone surrogates cannot be, however one tries. */
function keyUrl(baseUrl: string, keyId: string): string | undefined {
  if (keyId === '' || keyId === '.' || keyId === '..' || /\p{Cs}/u.test(keyId)) return undefined;
  return `${baseUrl}/api-keys/${encodeURIComponent(keyId)}`;
}
