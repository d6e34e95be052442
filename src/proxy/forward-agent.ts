import http from 'node:http';
import { connectToProxy } from './connect-to-proxy.ts';
import type { ConnectionCreated, RoutedOptions } from './tunnel-agent.ts';

/** Requests to `http://` URLs: they are sent to the proxy as they are. */
export class ForwardAgent extends http.Agent {
  override createConnection(options: RoutedOptions, created: ConnectionCreated): undefined {
    connectToProxy(options.proxy, options.ended, created);
  }
}
