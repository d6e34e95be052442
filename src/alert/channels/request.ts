import { Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex, Readable } from 'node:stream';
import got from 'got';
import { addressRefused, guardedLookup, isPrivateHost, type Resolve } from '../outbound.ts';

/** What came of a request: the receiver's status, or the code of what went wrong before there was one. */
export type RequestResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter: string | undefined;
      /** The beginning of the answer's body; empty unless asked for, and where it broke off. */
      readonly body: string;
    }
  | { readonly kind: 'refused-address' }
  | { readonly kind: 'failed'; readonly code: string };

export interface OutboundRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a POST. */
  readonly body?: string;
  readonly timeoutMs: number;
  readonly allowPrivateNetworks: boolean;
  /** The system's resolver unless given. Asked only where private networks are not allowed. */
  readonly resolve?: Resolve | undefined;
  readonly signal: AbortSignal;
  /** So many bytes of the answer's body are read at most; none unless told. */
  readonly answerBytes?: number;
}

/**
 * Sends one request, once: no retry, no redirect followed, no proxy, one timeout over all of it, no
 * connection kept. Of the answer's body no more is read than asked for, so that it cannot be too
 * large; one that breaks off or never ends takes nothing away from the status that came before it.
 * Rejects only with the signal's reason, and not once there is a status. No error of got leaves:
 * they hold URL and headers.
 */
export async function request(outbound: OutboundRequest): Promise<RequestResult> {
  outbound.signal.throwIfAborted();
  try {
    // In here as well: the error of what is no URL holds it.
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
    // Nobody asked to switch protocols. The socket has left the request, which never ends then.
    stream.once('upgrade', ({ headers }: IncomingMessage, socket: Duplex) => {
      resolve({ kind: 'answered', status: 101, retryAfter: headers['retry-after'], body: '' });
      socket.destroy();
      stream.destroy();
    });
    // Stays on: an error after the answer must be heard by somebody, and changes nothing.
    stream.on('error', (error) => (answered ? undefined : reject(error)));
  });
}

/** Reads so many bytes at most. Of a body that breaks off nothing counts: `o` is not `ok`. */
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
