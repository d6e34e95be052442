import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex, Readable } from 'node:stream';
import got from 'got';
import { addressRefused, guardedLookup, isPrivateHost, type Resolve } from '../outbound.ts';

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
  | { readonly kind: 'failed'; readonly code: string };

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
  readonly signal: AbortSignal;
  /** How many bytes of the answer's body are read at most; none by default. */
  readonly answerBytes?: number;
}

/**
 * Sends one request once: no retries, redirects, proxy or kept connection, and one timeout for the
 * whole request. Reads no more of the answer's body than requested. If the body breaks off or never
 * ends, the earlier status still counts. Rejects only with the signal's reason, and only before
 * there is a status. Errors of got stay here, because they hold the URL and headers.
 */
export async function request(outbound: OutboundRequest): Promise<RequestResult> {
  outbound.signal.throwIfAborted();
  try {
    // Inside the `try`: the error for an invalid URL holds that URL.
    if (!outbound.allowPrivateNetworks && isPrivateHost(new URL(outbound.url))) {
      return { kind: 'refused-address' };
    }
    return await send(outbound);
  } catch (error) {
    outbound.signal.throwIfAborted();
    const code = codeOf(error);
    return code === addressRefused ? { kind: 'refused-address' } : { kind: 'failed', code };
  }
}

function send({
  allowPrivateNetworks,
  timeoutMs,
  resolve: using,
  answerBytes = 0,
  ...outbound
}: OutboundRequest): Promise<RequestResult> {
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
      agent: { http: new HttpAgent(), https: new HttpsAgent() },
      ...(allowPrivateNetworks ? {} : { dnsLookup: guardedLookup(using) as never }),
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
