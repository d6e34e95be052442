import { type LookupAddress, type LookupOptions, lookup as resolve } from 'node:dns';
import { isIP } from 'node:net';
import { isPublicAddress } from './guard-address.ts';

/** The detail for an address that was refused. */
export const refusedAddress =
  'the URL leads to a loopback, private or reserved address; alerts.allowPrivateNetworks: true permits it';

/** The code of the error that a guarded lookup gives. */
export const addressRefused = 'KEYSWEEP_ADDRESS_REFUSED';

type Answered = (
  error: NodeJS.ErrnoException | null,
  address: string | readonly LookupAddress[],
  family?: number,
) => void;

/** Resolves a name: `dns.lookup`, except in tests. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  answered: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for sockets that returns only public addresses. It checks the same addresses that the
 * socket then connects to, so that a name cannot resolve differently between the check and the
 * connection. If one of several addresses is private, the name is refused.
 */
export function guardedLookup(using: Resolve = resolve) {
  return (hostname: string, options: LookupOptions, answered: Answered): void => {
    using(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return answered(error, []);
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return answered(refusal(), []);
      }
      if (options.all === true) return answered(null, addresses);
      answered(null, first.address, first.family);
    });
  };
}

/**
 * For a request through a proxy, which resolves names by itself: whether the host is private, or
 * resolves here to an address that is not public. A name that does not resolve here within `waitMs`
 * is left to the proxy.
 */
export async function isPrivateHere(url: URL, waitMs: number, using?: Resolve): Promise<boolean> {
  if (isPrivateHost(url)) return true;
  return new Promise((done) => {
    const timer = setTimeout(() => done(false), waitMs);
    guardedLookup(using)(hostOf(url), { all: true }, (error) => {
      clearTimeout(timer);
      done(error?.code === addressRefused);
    });
  });
}

/**
 * Whether a URL's host is private without a lookup: an address (sockets do not look these up), or a
 * name that RFC 6761 reserves for this machine, which some resolvers do not know. URL has
 * normalized unusual spellings (`0`, `2130706433`, `0x7f.1`).
 */
export function isPrivateHost(url: URL): boolean {
  const host = hostOf(url).replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return isIP(host) !== 0 && !isPublicAddress(host);
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error('the address is not public'), { code: addressRefused });
}
