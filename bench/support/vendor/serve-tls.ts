import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { keyBody, tokenBody } from '../../../src/sandbox/bodies.ts';

const run = promisify(execFile);

interface TlsVendorOptions {
  readonly speaks: 'h2' | 'http/1.1';
  readonly latencyMs: number;
}

/**
 * A vendor with TLS that knows every key and answers after `latencyMs`. To any message it says how
 * many connections were made since the one before.
 */
export async function serveTls({ speaks, latencyMs }: TlsVendorOptions) {
  const pem = await makeCertificate();
  const certificate = { cert: pem, key: pem };
  const server =
    speaks === 'h2'
      ? // Node permits 4,294,967,295 requests at a time; nginx, HAProxy and AWS 100 to 128.
        createSecureServer({ ...certificate, settings: { maxConcurrentStreams: 128 } }, respond)
      : createServer({ ...certificate, keepAliveTimeout: 60_000 }, respond as never);
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  process.on('message', () => {
    process.send?.({ connections });
    connections = 0;
  });
  await once(server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }), 'listening');
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };

  function respond(request: Http2ServerRequest, response: Http2ServerResponse): void {
    request.resume();
    const [, id = ''] = /\/api-keys\/(\w+)$/.exec(request.url) ?? [];
    const body = Buffer.from(JSON.stringify(id === '' ? token() : keyBody({ ...usualKey, id })));
    const head = { 'content-type': 'application/json', 'content-length': body.length };
    setTimeout(() => void response.writeHead(200, head).end(body), latencyMs);
  }
}

const token = () => tokenBody('bench', Date.now() + 86_400_000);

const usualKey = {
  name: 'Storefront',
  type: 'secret',
  scopes: ['customers:read', 'charges:read'],
  createdOn: '2024-11-01T10:00:00Z',
  lastUsed: '2024-11-15T12:00:00Z',
  lastFour: '7dc0',
};

/** A certificate and its key, in one text. */
async function makeCertificate(): Promise<string> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const to = ['-keyout', '-', '-subj', '/CN=bench', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const { stdout } = await run('openssl', ['req', '-x509', ...key, ...to]);
  return stdout;
}
