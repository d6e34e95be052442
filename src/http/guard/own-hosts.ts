import { isIP } from 'node:net';
import { isLoopback } from '../../config/http/http-addresses.ts';
import type { HttpConfig } from '../../config/http/http-config.ts';

/** Which hosts are this server. */
export interface OwnHosts {
  /** Whether a `Host` header names this server, with any port. */
  isOurs(host: string): boolean;
  /** Whether an `Origin` is a page of this server, which was asked as `host`. */
  isOwnOrigin(origin: string, host: string): boolean;
}

type Names = Pick<HttpConfig, 'host' | 'hosts' | 'publicUrl'>;

/** Loopback, the names in the configuration, and the address that the server listens at. */
export function createOwnHosts({ host, hosts, publicUrl }: Names): OwnHosts {
  const publicPage = publicUrl === undefined ? undefined : new URL(publicUrl);
  const named = [host, ...hosts, ...(publicPage === undefined ? [] : [publicPage.hostname])];
  const ours = new Set(named.map(plainName).filter((name) => !anyAddress.includes(name)));
  return {
    isOurs(text) {
      const name = hostNameOf(text);
      return name !== undefined && (isLoopback(name) || ours.has(name));
    },
    isOwnOrigin(origin, asked) {
      if (origin === publicPage?.origin) return true;
      if (!URL.canParse(origin)) return false;
      const page = new URL(origin);
      // Under the public name, only the public scheme and port are ours.
      if (page.hostname === publicPage?.hostname) return false;
      return page.origin === origin && sameHost(page, asked);
    },
  };
}

const anyAddress = ['0.0.0.0', '::'];

/** The browser leaves out the port that its scheme has by default. */
function sameHost(page: URL, asked: string): boolean {
  const here = `${page.protocol}//${asked}`;
  return URL.canParse(here) && new URL(here).host === page.host;
}

/** Whether a `Host` header is a bare address, as probes send it. No page can have such a name. */
export function isAddress(host: string): boolean {
  return isIP(hostNameOf(host) ?? '') !== 0;
}

/** The name in a `Host` header, without port and brackets; undefined if it is none. */
function hostNameOf(host: string): string | undefined {
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::\d{1,5})?$/.exec(host);
  const name = found?.[1] ?? found?.[2];
  return name === undefined ? undefined : plainName(name);
}

/** Names are equal in any case, and with a dot at the end. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}
