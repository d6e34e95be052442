/** The proxies for outgoing requests, as the environment names them. A URL may hold a password. */
export interface Proxies {
  /** For `https://` URLs. */
  readonly https: string | undefined;
  /** For `http://` URLs. */
  readonly http: string | undefined;
  /** The hosts that are asked without a proxy, as in `NO_PROXY`. */
  readonly except: string;
}

export const noProxies: Proxies = { https: undefined, http: undefined, except: '' };

/** A proxy. `name` is its host and port, which texts may hold. */
export interface ProxyServer {
  readonly name: string;
  /** A name or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Whether the proxy itself is spoken to over TLS. */
  readonly isSecure: boolean;
  /** The value of `proxy-authorization`, if the URL holds a user. It is a secret. */
  readonly authorization: string | undefined;
}

/** Reads a URL that `readProxies` has checked. */
export function parseProxy(url: string): ProxyServer {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isSecure = protocol === 'https:';
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const usedPort = Number(port) || (isSecure ? 443 : 80);
  return {
    name: `${hostname}:${usedPort}`,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: usedPort,
    isSecure,
    authorization:
      login === ':' ? undefined : `Basic ${Buffer.from(login, 'utf8').toString('base64')}`,
  };
}
