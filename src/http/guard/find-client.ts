import { isIP } from 'node:net';

/** Who is at the other end of a request. */
export interface Client {
  /** Without the prefix of IPv4 in IPv6, and without a zone. */
  readonly address: string;
  /** Whether the request came over TLS, as far as we can know. */
  readonly isSecure: boolean;
}

export interface Forwarded {
  /** `X-Forwarded-For` */
  readonly for: string | undefined;
  /** `X-Forwarded-Proto` */
  readonly proto: string | undefined;
}

/**
 * The client behind the proxies that we trust: each appends the address that it was asked by, so
 * the list counts from its end up to the first address that is no trusted proxy.
 */
export function findClient(
  peer: string,
  forwarded: Forwarded,
  isTrusted: (address: string) => boolean,
): Client {
  let address = plainAddress(peer);
  const isSecure = isTrusted(address) && lastOf(forwarded.proto)?.toLowerCase() === 'https';
  for (const hop of (forwarded.for ?? '').split(',').reverse()) {
    const next = readHop(hop.trim());
    if (!isTrusted(address) || next === undefined) break;
    address = next;
  }
  return { address, isSecure };
}

function lastOf(list: string | undefined): string | undefined {
  return list?.split(',').at(-1)?.trim();
}

/** Some proxies add the port. */
function readHop(hop: string): string | undefined {
  const text = /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;
  const address = plainAddress(text);
  return isIP(address) === 0 ? undefined : address;
}

function plainAddress(address: string): string {
  return address.replace(/%.*$/, '').replace(/^::ffff:(?=[\d.]+$)/i, '');
}
