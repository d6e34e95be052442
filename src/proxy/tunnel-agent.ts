import https from 'node:https';
import type { Duplex } from 'node:stream';
import { hostPort } from '../text/host-port.ts';
import { connectThrough } from './connect-through.ts';
import type { ProxyServer } from './proxies.ts';

/** What an agent of this folder is given with each request. */
export interface RoutedOptions extends https.RequestOptions {
  readonly proxy: ProxyServer;
  /** Aborted when the request has ended: Node does not end a request without a connection. */
  readonly ended: AbortSignal;
}

export type ConnectionCreated = (error: Error | null, stream?: Duplex) => void;
/** What Node has and its types lack. */
type CreateConnection = (options: https.RequestOptions & { socket: Duplex }) => Duplex;

/** Requests to `https://` URLs: TLS with the server itself, inside a connection of the proxy. */
export class TunnelAgent extends https.Agent {
  override createConnection(options: RoutedOptions, created: ConnectionCreated): undefined {
    const target = hostPort(options.host ?? '', options.port ?? 443);
    connectThrough(options.proxy, target, options.ended, (failure, socket) => {
      if (failure !== null || socket === undefined) return created(failure);
      const secure = https.Agent.prototype as unknown as { createConnection: CreateConnection };
      created(null, secure.createConnection.call(this, { ...options, socket }));
    });
  }
}
