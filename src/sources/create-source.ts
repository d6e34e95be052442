import { setMaxListeners } from 'node:events';
import type { Proxies } from '../proxy/proxies.ts';
import { HeldBack } from './errors.ts';
import { createAbortWatch } from './http/abort-watch.ts';
import { adaptSlots } from './http/adapt-slots.ts';
import { createSlots } from './http/slots.ts';
import { SourceClosed } from './http/source-closed.ts';
import { createSourcePause } from './http/source-pause.ts';
import { openTransport } from './http/transport.ts';
import { watchTransport } from './http/watch-transport.ts';
import type { KeySource, ObserveContext, Pace } from './key-source.ts';
import { answerFrom, type Lookup, lookupFailure } from './lookup.ts';
import type { SourceWatch } from './source-watch.ts';
import type { CreateClient, SourceSecrets } from './vendor.ts';

export interface SourceOptions {
  readonly id: string;
  readonly baseUrl: string;
  readonly concurrency: number;
  readonly adaptsConcurrency: boolean;
  readonly http2: boolean;
  readonly timeoutMs: number;
}

interface SourceParts {
  readonly config: SourceOptions;
  readonly credentials: SourceSecrets;
  readonly createClient: CreateClient;
  readonly pace: Pace;
  /** Milliseconds of a clock that never jumps. */
  readonly ticks?: () => number;
  readonly proxies?: Proxies | undefined;
  readonly watch?: SourceWatch;
}

// With fewer unanswered calls than this, keys may fail although the source is up.
const leastSilentCalls = 10;

/**
 * A vendor's account as a source of keys. Asks for at most `config.concurrency` keys at a time, and
 * pauses while the source answers no call. Owns its connections until `close`.
 */
export function createSource(parts: SourceParts): KeySource {
  const { config, credentials, createClient, pace, ticks = () => performance.now() } = parts;
  const { watch = unwatched } = parts;
  const { id, baseUrl, concurrency } = config;
  const closing = new AbortController();
  const aborts = createAbortWatch();
  const slots = createSlots(concurrency, aborts);
  const measured = config.adaptsConcurrency ? adaptSlots(slots, concurrency, ticks) : none;
  const transport = watchTransport(
    openTransport({ ...config, aborts, proxies: parts.proxies }),
    (outcome, ms) => {
      measured(outcome, ms);
      watch.requested(outcome, ms);
    },
    ticks,
  );
  const pause = createSourcePause(Math.max(leastSilentCalls, concurrency), ticks, watch.paused);
  const client = { baseUrl, credentials, transport, pace, ticks, closing: closing.signal };
  const ask = createClient(client);

  const askWhileOpen = async (keyId: string, context: ObserveContext) => {
    closing.signal.throwIfAborted();
    const found = await ask(keyId, context).catch(asHeldBack);
    // Connections dropped by `close` look like a vendor that is down.
    closing.signal.throwIfAborted();
    return found;
  };

  return {
    id,

    async observe(keyId, context) {
      // A batch's calls share one signal: hundreds of listeners on it are no leak.
      setMaxListeners(0, context.signal);
      await slots.take(context.signal, context.urgent, context.turn);
      try {
        const found = await pause.through(() => askWhileOpen(keyId, context));
        return answerFrom(found, context.now());
      } finally {
        slots.release();
      }
    },

    async close() {
      closing.abort(new SourceClosed(id));
      transport.close();
    },
  };
}

const none = () => undefined;
const unwatched: SourceWatch = { requested: none, waited: none, paused: none };

function asHeldBack(error: unknown): Lookup {
  if (!(error instanceof HeldBack)) throw error;
  const detail = 'the source asked all workers to wait';
  return lookupFailure('rate-limited', detail, { retryAfterMs: error.waitMs, asked: false });
}
