import type { FindProxy } from '../../../proxy/find-proxy.ts';
import type { AbortWatch } from '../abort-watch.ts';
import type { Reply } from '../reply.ts';
import { askOrigin } from './ask-origin.ts';
import { connectTls } from './connect-tls.ts';
import type { Http2Message } from './exchange.ts';
import { type Origin, openOrigin } from './open-origin.ts';

interface Request extends Http2Message {
  readonly url: URL;
  readonly signal: AbortSignal;
}

/** HTTP/2 to servers with TLS. */
export interface Http2 {
  /** The server is known to speak HTTP/1.1: there is no use in `send`. */
  isPlain(url: URL): boolean;
  /** Never rejects. `http/1.1`: nothing was sent, for the server wants HTTP/1.1. */
  send(request: Request): Promise<Reply | 'http/1.1'>;
  close(): void;
}

interface Http2Parts {
  /** For a whole request, from its wait for a connection on. */
  readonly timeoutMs: number;
  readonly aborts: AbortWatch;
  readonly proxyOf: FindProxy;
}

export function openHttp2({ timeoutMs, aborts, proxyOf }: Http2Parts): Http2 {
  const origins = new Map<string, Origin>();
  const originOf = (url: URL): Origin => {
    const known = origins.get(url.origin);
    if (known !== undefined) return known;
    const connect = (signal: AbortSignal) => connectTls(url, proxyOf(url), signal);
    const opened = openOrigin({ name: url.origin, connect, connectMs: timeoutMs });
    origins.set(url.origin, opened);
    return opened;
  };

  return {
    isPlain: (url) => originOf(url).isPlain(),

    async send({ url, signal, ...message }) {
      const { promise, resolve } = promised();
      const asking = askOrigin(originOf(url), message, resolve);
      const timer = setTimeout(() => {
        asking.end(true);
        resolve({ kind: 'timeout' });
      }, timeoutMs);
      const endWatch = aborts.on(signal, () => {
        asking.end(false);
        resolve({ kind: 'failed', code: 'ABORT_ERR' });
      });
      const reply = await promise;
      clearTimeout(timer);
      endWatch();
      return reply;
    },

    close() {
      for (const origin of origins.values()) origin.close();
    },
  };
}

/** As `Promise.withResolvers`, which Node 20 lacks. */
function promised() {
  let resolve: (reply: Reply | 'http/1.1') => void = () => undefined;
  const promise = new Promise<Reply | 'http/1.1'>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
