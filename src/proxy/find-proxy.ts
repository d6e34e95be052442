import { matchException } from './match-exception.ts';
import { type Proxies, type ProxyServer, parseProxy } from './proxies.ts';

/** The proxy for a URL, or undefined if its host is asked directly. */
export type FindProxy = (url: URL) => ProxyServer | undefined;

/** The one place that decides which requests go through which proxy. */
export function findProxyIn({ https, http, except }: Proxies): FindProxy {
  if (https === undefined && http === undefined) return () => undefined;
  const isExcepted = matchException(except);
  const forHttps = https === undefined ? undefined : parseProxy(https);
  const forHttp = http === undefined ? undefined : parseProxy(http);
  return (url) => {
    const isSecure = url.protocol === 'https:';
    const proxy = isSecure ? forHttps : forHttp;
    const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const port = Number(url.port) || (isSecure ? 443 : 80);
    return proxy === undefined || isExcepted(host, port) ? undefined : proxy;
  };
}
