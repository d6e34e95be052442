import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable } from 'node:stream';
import got, { type RequestFunction } from 'got';
import { openRoutes, type Routes } from '../../proxy/open-routes.ts';
import type { Proxies } from '../../proxy/proxies.ts';
import { ProxyFailure, wantsLogin } from '../../proxy/proxy-failure.ts';
import {
  addressRefused,
  guardedLookup,
  isPrivateHere,
  isPrivateHost,
  type Resolve,
} from '../outbound.ts';

/** The receiver's status, or the code of the failure that came before any status. */
export type RequestResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      /** The start of the answer's body; empty unless requested, or if the body broke off. */
      readonly body: string;
    }
  | { readonly kind: 'refused-address' }
  /** `detail`: the proxy did not connect us. `through`: the host and port of the proxy. */
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly detail?: string;
      readonly through?: string | undefined;
    };

export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For a POST. */
  readonly body?: string;
  readonly timeoutMs: number;
  readonly allowPrivateNetworks: boolean;
  /** The system's resolver unless given. Asked only where private networks are not allowed. */
  readonly resolve?: Resolve | undefined;
  readonly proxies?: Proxies | undefined;
  readonly signal: AbortSignal;
  /** How many bytes of the answer's body are read at most; none by default. */
  readonly answerBytes?: number;
}

/**
 * Sends one request once: no retries, redirects or kept connection, and one timeout for the whole
 * request. Reads no more of the answer's body than requested. If the body breaks off or never
 * ends, the earlier status still counts. Rejects only with the signal's reason, and only before
 * there is a status. Errors of got stay here, because they hold the URL and headers.
 */
export async function request(outbound: OutboundRequest): Promise<RequestResult> {
  const { signal, proxies } = outbound;
  signal.throwIfAborted();
  const routes = openRoutes(proxies, { keepAlive: false });
  try {
    // Inside the `try`: the error for an invalid URL holds that URL.
    const url = new URL(outbound.url);
    if (await isRefused(url, outbound, routes)) return { kind: 'refused-address' };
    const result = await send(outbound, routes);
    return readProxyRefusal(result, routes.proxyOf(url)?.name);
  } catch (error) {
    signal.throwIfAborted();
    return failureOf(error, () => routes.proxyOf(new URL(outbound.url))?.name);
  } finally {
    routes.close();
  }
}

/** A proxy resolves names by itself, so here it is given no name that is private on this machine. */
async function isRefused(
  url: URL,
  { allowPrivateNetworks, resolve, timeoutMs }: OutboundRequest,
  routes: Routes,
): Promise<boolean> {
  if (allowPrivateNetworks) return false;
  if (routes.proxyOf(url) === undefined) return isPrivateHost(url);
  return isPrivateHere(url, timeoutMs / 3, resolve);
}

function readProxyRefusal(result: RequestResult, proxy: string | undefined): RequestResult {
  if (proxy === undefined || result.kind !== 'answered' || result.status !== wantsLogin) {
    return result;
  }
  return proxyFailed(new ProxyFailure(proxy, wantsLogin));
}

function failureOf(error: unknown, through: () => string | undefined): RequestResult {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof ProxyFailure) return proxyFailed(cause);
  const code = codeOf(error);
  if (code === addressRefused) return { kind: 'refused-address' };
  // An invalid URL has no proxy.
  return { kind: 'failed', code, through: code === 'ERR_INVALID_URL' ? undefined : through() };
}

function proxyFailed({ code, message }: ProxyFailure): RequestResult {
  return { kind: 'failed', code, detail: message };
}

function send(
  {
    allowPrivateNetworks,
    timeoutMs,
    resolve: using,
    answerBytes = 0,
    ...outbound
  }: OutboundRequest,
  routes: Routes,
): Promise<RequestResult> {
  const lookup = allowPrivateNetworks ? {} : { lookup: guardedLookup(using) as never };
  const routed: RequestFunction = (url, { method, headers }, answered) =>
    routes.request(url, { method, headers, ...lookup }, answered);
  return new Promise((resolve, reject) => {
    let answered = false;
    const stream = got.stream(outbound.url, {
      method: outbound.method,
      headers: { 'user-agent': 'keysweep', ...outbound.headers },
      ...(outbound.body === undefined ? {} : { body: outbound.body }),
      signal: outbound.signal,
      timeout: { request: timeoutMs },
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
      decompress: false,
      request: routed,
    });
    stream.once('response', ({ statusCode, headers }) => {
      answered = true;
      readStart(stream, answerBytes, (body) => {
        const retryAfter = headers['retry-after'];
        resolve({ kind: 'answered', status: statusCode, retryAfter, body });
        stream.destroy();
      });
    });
    // A receiver may switch protocols unasked. The stream then loses its socket and never ends.
    stream.once('upgrade', ({ headers }: IncomingMessage, socket: Duplex) => {
      resolve({ kind: 'answered', status: 101, retryAfter: headers['retry-after'], body: '' });
      socket.destroy();
      stream.destroy();
    });
    // Stays registered: an error after the answer needs a listener, but changes nothing.
    stream.on('error', (error) => (answered ? undefined : reject(error)));
  });
}

/** Reads at most this many bytes. A body that breaks off counts as empty: `o` is not `ok`. */
function readStart(stream: Readable, most: number, done: (body: string) => void): void {
  if (most === 0) {
    done('');
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  const end = () => done(Buffer.concat(chunks).subarray(0, most).toString());
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= most) end();
  });
  stream.once('end', end);
  for (const event of ['error', 'close']) stream.once(event, () => done(''));
}

/** Only what looks like a code is passed on: a message may hold the URL. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'UNKNOWN';
}
