import type { IncomingMessage } from 'node:http';
import { openRoutes } from '../../proxy/open-routes.ts';
import type { Proxies } from '../../proxy/proxies.ts';

const wholeMs = 10_000;
const mostBytes = 1_048_576;

interface FetchOptions {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
}

/**
 * As `fetch`, but through the proxies of the environment, without redirects, for at most 10 seconds
 * and 1 MB.
 */
export function openFetch(proxies: Proxies | undefined) {
  const routes = openRoutes(proxies, { keepAlive: false });
  return (address: string, { method = 'GET', headers, body }: FetchOptions = {}) =>
    new Promise<Response>((resolve, reject) => {
      const signal = AbortSignal.timeout(wholeMs);
      const text = body instanceof URLSearchParams ? body.toString() : body;
      const sent = typeof text === 'string' ? text : undefined;
      const length =
        sent === undefined ? {} : { 'content-length': String(Buffer.byteLength(sent)) };
      const options = { method, headers: { ...headers, ...length }, signal };
      const asked = routes.request(new URL(address), options, (answer) => {
        readWhole(answer).then((read) => resolve(toResponse(answer, read)), reject);
      });
      asked.on('error', reject);
      asked.end(sent);
    });
}

async function readWhole(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of answer) {
    length += piece.length;
    if (length > mostBytes) throw new Error('the answer of the provider is over 1 MB');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function toResponse({ statusCode = 502, headers }: IncomingMessage, body: Buffer): Response {
  const kept = ['content-type', 'cache-control', 'www-authenticate'].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as [string, string]] : [];
  });
  const isEmpty = [204, 205, 304].includes(statusCode);
  return new Response(isEmpty ? null : new Uint8Array(body), { status: statusCode, headers: kept });
}
