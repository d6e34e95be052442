import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type SecureServerOptions,
  type ServerHttp2Session,
} from 'node:http2';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { Proxies } from '../../../src/proxy/proxies.ts';
import { createAbortWatch } from '../../../src/sources/http/abort-watch.ts';
import { openTransport } from '../../../src/sources/http/transport.ts';
import { type Authority, type Certificate, createAuthority } from '../../support/certificates.ts';

export type Respond = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** A vendor with TLS. */
export interface TlsVendor {
  readonly url: string;
  readonly port: number;
  /** How many connections were made, those that only asked for the protocol too. */
  readonly connections: () => number;
  readonly sessions: readonly ServerHttp2Session[];
  /** Breaks off all connections. */
  breakOff(): void;
}

let authority: Authority | undefined;
let usual: Certificate | undefined;

/** Makes an authority for the tests of a file, which this process trusts like any other. */
export function withCertificates(): void {
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  beforeAll(async () => {
    authority = await createAuthority();
    usual = await authority.issue({ names: ['IP:127.0.0.1', 'DNS:localhost', 'DNS:*.example'] });
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  });
  afterAll(async () => {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    await authority?.close();
  });
}

export const theCertificate = (): Certificate => usual!;

interface VendorOptions extends SecureServerOptions {
  /** `http/1.1`: it does not offer HTTP/2. */
  readonly speaks?: 'h2' | 'http/1.1';
}

export async function tlsVendor(respond: Respond, more: VendorOptions = {}): Promise<TlsVendor> {
  const { speaks = 'h2', ...options } = more;
  const { cert, key } = usual!;
  const sessions: ServerHttp2Session[] = [];
  const server =
    speaks === 'h2'
      ? createSecureServer({ cert, key, ...options }, respond)
          .on('session', (session) => sessions.push(session.on('error', () => undefined)))
          .on('sessionError', () => undefined)
      : createServer({ cert, key }, respond as never);
  return { ...(await listen(server)), sessions };
}

/** Listens, and breaks off all connections when the test ends. */
export async function listen(server: Server): Promise<Omit<TlsVendor, 'sessions'>> {
  const open = new Set<TLSSocket>();
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    open.add(socket.on('error', () => undefined));
    socket.once('close', () => open.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakOff = () => {
    for (const socket of open) socket.destroy();
  };
  onTestFinished(() => {
    server.close();
    breakOff();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://127.0.0.1:${port}/v1`, port, connections: () => connections, breakOff };
}

interface Asked {
  readonly timeoutMs?: number;
  readonly proxies?: Proxies;
}

/** A transport, closed when the test ends. `get` asks for a path of the vendor. */
export function transportTo({ url }: { readonly url: string }, asked: Asked = {}) {
  const { timeoutMs = 5_000, proxies } = asked;
  const means = { timeoutMs, aborts: createAbortWatch(), proxies, http2: true };
  const transport = openTransport(means);
  onTestFinished(() => transport.close());
  const never = new AbortController().signal;
  return {
    ...transport,
    get: (path = '/x', signal = never) =>
      transport.send({ method: 'GET', url: `${url}${path}`, signal }),
  };
}
