import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https, { type AgentOptions } from 'node:https';
import { findProxyIn } from './find-proxy.ts';
import { ForwardAgent } from './forward-agent.ts';
import { noProxies, type Proxies, type ProxyServer } from './proxies.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/** Sends requests directly or through a proxy. */
export interface Routes {
  /** As `request` of node:http and node:https. `lookup` is used for direct requests only. */
  request(url: URL, options: RequestOptions, answered?: Answered): ClientRequest;
  /** The proxy that a request to this URL goes through. */
  proxyOf(url: URL): ProxyServer | undefined;
  /** Drops kept connections. */
  close(): void;
}

type Answered = (response: IncomingMessage) => void;

export function openRoutes(proxies: Proxies = noProxies, options: AgentOptions = {}): Routes {
  const proxyOf = findProxyIn(proxies);
  const direct = { http: new http.Agent(options), https: new https.Agent(options) };
  const proxied = { http: new ForwardAgent(options), https: new TunnelAgent(options) };
  return {
    proxyOf,

    request(url, { lookup, ...options }, answered) {
      const isSecure = url.protocol === 'https:';
      const proxy = proxyOf(url);
      if (proxy === undefined) {
        const its = lookup === undefined ? options : { ...options, lookup };
        return isSecure
          ? https.request(url, { ...its, agent: direct.https }, answered)
          : http.request(url, { ...its, agent: direct.http }, answered);
      }
      const ended = new AbortController();
      const means = { ...options, proxy, ended: ended.signal };
      const request = isSecure
        ? https.request(url, { ...means, agent: proxied.https }, answered)
        : http.request(
            url,
            { ...means, ...asForwarded(url, options, proxy), agent: proxied.http },
            answered,
          );
      return whenDestroyed(request, () => ended.abort());
    },

    close() {
      for (const agent of [...Object.values(direct), ...Object.values(proxied)]) agent.destroy();
    },
  };
}

/** A plain HTTP request names its whole URL to the proxy. */
function asForwarded(url: URL, { headers }: RequestOptions, { authorization }: ProxyServer) {
  const login = authorization === undefined ? {} : { 'proxy-authorization': authorization };
  return {
    path: `${url.origin}${url.pathname}${url.search}`,
    headers: { ...(headers as http.OutgoingHttpHeaders), host: url.host, ...login },
  };
}

/** A request that waits for its connection emits nothing when it is destroyed. */
function whenDestroyed(request: ClientRequest, run: () => void): ClientRequest {
  const destroy = request.destroy.bind(request);
  request.destroy = (error) => {
    run();
    return destroy(error);
  };
  return request;
}
