import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import got, { type Request as GotStream, type RequestFunction, type Response } from 'got';
import { openRoutes } from '../../proxy/open-routes.ts';
import type { Proxies } from '../../proxy/proxies.ts';
import { ProxyFailure, wantsLogin } from '../../proxy/proxy-failure.ts';
import { parseRetryAfter } from '../../timing/retry-after.ts';
import type { AbortWatch } from './abort-watch.ts';

/** Larger answers are not read: 1 MB, counted as they arrive. */
const largestBodyBytes = 1_048_576;

/** The longest wait that is believed. */
const longestAskedMs = 7 * 24 * 3_600_000;
/** A longer wait is probed after this time, because vendors mend such mistakes within a sweep. */
const longestPauseMs = 600_000;
/** A longer wait concerns the whole source, and is shown. */
const usualWaitMs = 60_000;

/** What came back over the wire. `body` is undefined if it was cut or too large to read. */
export type Reply =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly body: Buffer | undefined;
      readonly fault: 'cut' | 'oversized' | undefined;
      /** When to ask again; after a long wait, when to probe. */
      readonly retryAfterMs: number | undefined;
      /** How long a 429 or 5xx asked us to stay away, if that is longer than usual. */
      readonly awayMs?: number | undefined;
      /** The header of that name: the vendor's clock, to the second. */
      readonly date?: string | undefined;
    }
  /** `through`: the host and port of the proxy that it went through. */
  | { readonly kind: 'timeout'; readonly through?: string | undefined }
  | { readonly kind: 'failed'; readonly code: string; readonly through?: string | undefined }
  /** The proxy did not connect us; `detail` names it. */
  | { readonly kind: 'proxy-failed'; readonly detail: string };

interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly signal: AbortSignal;
}

export interface Transport {
  /** Sends one request. Rejects with the signal's reason when aborted, and with nothing else. */
  send(request: Request): Promise<Reply>;
  close(): void;
}

/**
 * The only place that knows got. Its errors carry headers and URLs, so they stay here, even as a
 * cause: only a status or a code is passed on. One timeout covers the whole request.
 * It does not ask for compression; if a body is compressed all the same, its full size counts.
 */
export function openTransport(
  timeoutMs: number,
  aborts: AbortWatch,
  proxies: Proxies | undefined,
): Transport {
  const routes = openRoutes(proxies, { keepAlive: true });
  /**
   * Node's own request, without the forty unset options that got passes: Node copies them twice,
   * which takes a twentieth of what a call costs.
   */
  const plainRequest: RequestFunction = (url, { method, headers }, answered) =>
    routes.request(url, { method, headers }, answered);
  // Uses streams, because got's promises cost half as much processor time more.
  const client = got.extend({
    isStream: true,
    retry: { limit: 0 },
    timeout: { request: timeoutMs },
    request: plainRequest,
    followRedirect: false,
    throwHttpErrors: false,
    headers: {
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'keysweep',
    },
    mutableDefaults: true,
  });
  // got spreads these options into an object of thirty more. That is very slow in V8: a third of a
  // call's processor time (`npm run bench -- client`). Nothing is cached here, so nothing is lost.
  client.defaults.options.cacheOptions = {};

  return {
    async send({ url, signal, ...request }) {
      signal.throwIfAborted();
      const stream = client(url, { ...request, isStream: true });
      const endWatch = aborts.on(signal, () => void stream.destroy());
      const reply = await hear(stream);
      endWatch();
      signal.throwIfAborted();
      const proxy = routes.proxyOf(new URL(url));
      if (reply.kind !== 'reply') return { ...reply, through: proxy?.name };
      if (proxy === undefined || reply.status !== wantsLogin) return shortenWait(reply);
      return { kind: 'proxy-failed', detail: new ProxyFailure(proxy.name, wantsLogin).message };
    },

    close() {
      routes.close();
    },
  };
}

type Answer = Extract<Reply, { kind: 'reply' }>;

/** Shortens a long wait to the time after which the source is probed. */
function shortenWait(reply: Answer): Reply {
  const askedMs = reply.retryAfterMs ?? 0;
  if (askedMs <= usualWaitMs) return reply;
  const retryAfterMs = Math.min(askedMs, longestPauseMs);
  const ofSource = reply.status === 429 || reply.status >= 500;
  return { ...reply, retryAfterMs, awayMs: ofSource ? askedMs : undefined };
}

/** Collects the reply, and stops if it is too large. Never rejects. */
function hear(stream: GotStream): Promise<Reply> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes <= largestBodyBytes || stream.response === undefined) return;
      resolve(replyOf(stream.response, undefined, 'oversized'));
      stream.destroy();
    });
    stream.once('end', () => {
      if (stream.response === undefined) return;
      resolve(replyOf(stream.response, Buffer.concat(chunks), undefined));
    });
    // We never ask for an upgrade. It detaches the socket from the request, which then never ends.
    stream.once('upgrade', (response: IncomingMessage, socket: Duplex) => {
      resolve(replyOf({ statusCode: 101, headers: response.headers }, undefined, 'cut'));
      socket.destroy();
      stream.destroy();
    });
    stream.on('error', (error) => resolve(failureOf(error, stream.response)));
    // For any other end, because a promise that never settles would block the batch.
    stream.once('close', () => resolve(failureOf(undefined, stream.response)));
  });
}

type Answered = Pick<Response, 'statusCode' | 'headers'>;

function replyOf(
  response: Answered,
  body: Buffer | undefined,
  fault: 'cut' | 'oversized' | undefined,
) {
  const { 'retry-after': retryAfter, date } = response.headers;
  const retryAfterMs = parseRetryAfter(retryAfter, { date, nowMs: Date.now() }, longestAskedMs);
  return { kind: 'reply', status: response.statusCode, body, fault, retryAfterMs, date } as const;
}

/** A timeout takes precedence; then a status that arrived decides, even if the body failed. */
function failureOf(error: unknown, response: Answered | undefined): Reply {
  const { name, code, proxy } = readFailure(error);
  if (name === 'TimeoutError') return { kind: 'timeout' };
  if (response !== undefined) return replyOf(response, undefined, 'cut');
  if (proxy !== undefined) return { kind: 'proxy-failed', detail: proxy.message };
  return { kind: 'failed', code };
}

interface Failure {
  readonly name: string;
  readonly code: string;
  readonly proxy?: ProxyFailure;
}

function readFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { name: '', code: 'UNKNOWN' };
  const { code } = error as { code?: unknown };
  // Passes on only what looks like a code, because a message may hold a URL.
  const plain = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code);
  const proxy = error.cause instanceof ProxyFailure ? { proxy: error.cause } : {};
  return { name: error.name, code: plain ? code : 'UNKNOWN', ...proxy };
}
