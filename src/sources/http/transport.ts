import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import got, { type Request as GotStream, type OptionsInit, type RequestFunction } from 'got';
import { openRoutes, type Routes } from '../../proxy/open-routes.ts';
import type { Proxies } from '../../proxy/proxies.ts';
import { ProxyFailure, wantsLogin } from '../../proxy/proxy-failure.ts';
import type { AbortWatch } from './abort-watch.ts';
import { collectBody } from './collect-body.ts';
import { openHttp2 } from './http2/open-http2.ts';
import {
  type Answered,
  largestBodyBytes,
  plainCode,
  type Reply,
  replyOf,
  shortenWait,
} from './reply.ts';

interface Request {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Calls that share one object cost less than those that each make their own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly signal: AbortSignal;
}

export interface Transport {
  /** Sends one request. Rejects with the signal's reason when aborted, and with nothing else. */
  send(request: Request): Promise<Reply>;
  close(): void;
}

interface Means {
  readonly timeoutMs: number;
  readonly aborts: AbortWatch;
  readonly proxies: Proxies | undefined;
  /** Whether a server with TLS may be asked over HTTP/2. */
  readonly http2: boolean;
}

const usualHeaders = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': 'keysweep',
};

/**
 * Servers with TLS are asked over HTTP/2 if they speak it, all others over HTTP/1.1 with got. This is
 * the only place that knows got. Its errors carry headers and URLs, so they stay here, even as a
 * cause: only a status or a code is passed on. One timeout covers the whole request.
 * It does not ask for compression; if a body is compressed all the same, its full size counts.
 */
export function openTransport({ timeoutMs, aborts, proxies, http2: wanted }: Means): Transport {
  const routes = openRoutes(proxies, { keepAlive: true });
  const { proxyOf } = routes;
  const withHeaders = openClient(timeoutMs, routes);
  const http2 = openHttp2({ timeoutMs, aborts, proxyOf });

  const overHttp1 = async (request: Request, spentMs: number) => {
    const { url, signal, headers } = request;
    const leftMs = spentMs < 1 ? undefined : Math.max(1, timeoutMs - spentMs);
    const stream = withHeaders(headers)(url, optionsOf(request, leftMs));
    const endWatch = aborts.on(signal, () => void stream.destroy());
    const reply = await hear(stream);
    endWatch();
    return reply;
  };
  const overTls = async (request: Request, url: URL) => {
    if (http2.isPlain(url)) return overHttp1(request, 0);
    const from = performance.now();
    const reply = await http2.send({ ...messageOf(request, url), url, signal: request.signal });
    if (reply !== 'http/1.1') return reply;
    request.signal.throwIfAborted();
    return overHttp1(request, performance.now() - from);
  };

  return {
    async send(request) {
      request.signal.throwIfAborted();
      const url = new URL(request.url);
      const mayBeHttp2 = wanted && url.protocol === 'https:';
      const reply = await (mayBeHttp2 ? overTls(request, url) : overHttp1(request, 0));
      request.signal.throwIfAborted();
      const proxy = proxyOf(url);
      if (reply.kind !== 'reply') return { ...reply, through: proxy?.name };
      if (proxy === undefined || reply.status !== wantsLogin) return shortenWait(reply);
      return { kind: 'proxy-failed', detail: new ProxyFailure(proxy.name, wantsLogin).message };
    },

    close() {
      http2.close();
      routes.close();
    },
  };
}

type CallOptions = OptionsInit & { readonly isStream: true };
type Client = (url: string, options?: CallOptions) => GotStream;

/** Options of one call alone. An ordinary call has none. */
function optionsOf({ method, json }: Request, leftMs: number | undefined): CallOptions | undefined {
  if (method === 'GET' && json === undefined && leftMs === undefined) return undefined;
  const timeout = leftMs === undefined ? {} : { timeout: { request: leftMs } };
  return { method, json, ...timeout, isStream: true };
}

/**
 * Finds the client that sends these headers. The last one is kept: to check and merge what a call
 * gives takes got a tenth of a call's processor time.
 */
function openClient(timeoutMs: number, routes: Routes): (headers: Request['headers']) => Client {
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
    headers: usualHeaders,
    mutableDefaults: true,
  });
  // got spreads these options into an object of thirty more. That is very slow in V8: a third of a
  // call's processor time (`npm run bench -- client`). Nothing is cached here, so nothing is lost.
  client.defaults.options.cacheOptions = {};
  // got copies these lists of unset options for each call, although `plainRequest` drops them.
  client.defaults.options.https = {};
  client.defaults.options.agent = {};
  client.defaults.options.timeout = { request: timeoutMs };
  let last: { readonly headers: Request['headers']; readonly client: Client } | undefined;
  return (headers = {}) => {
    if (last?.headers !== headers) {
      last = { headers, client: client.extend({ headers: { ...headers }, mutableDefaults: true }) };
    }
    return last.client;
  };
}

/** The request as HTTP/2 writes it. */
function messageOf({ method, headers, json }: Request, { host, pathname, search }: URL) {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const ofBody = body === undefined ? {} : { 'content-type': 'application/json' };
  const target = { ':method': method, ':authority': host, ':path': `${pathname}${search}` };
  return { headers: { ...target, ...usualHeaders, ...headers, ...ofBody }, body };
}

/** Collects the reply, and stops if it is too large. Never rejects. */
function hear(stream: GotStream): Promise<Reply> {
  return new Promise((resolve) => {
    const body = collectBody();
    stream.on('data', (chunk: Buffer) => {
      body.add(chunk);
      if (body.bytes() <= largestBodyBytes || stream.response === undefined) return;
      resolve(replyOf(stream.response, undefined, 'oversized'));
      stream.destroy();
    });
    stream.once('end', () => {
      if (stream.response === undefined) return;
      resolve(replyOf(stream.response, body.whole(), undefined));
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
  const proxy = error.cause instanceof ProxyFailure ? { proxy: error.cause } : {};
  return { name: error.name, code: plainCode(error) ?? 'UNKNOWN', ...proxy };
}
