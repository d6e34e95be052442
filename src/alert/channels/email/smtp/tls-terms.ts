import { BlockList, isIP } from 'node:net';
import type { SmtpServer } from './read-smtp-url.ts';

/** How a connection is to be encrypted. */
export interface TlsTerms {
  /** Without TLS, with a certificate that proves the host's name, nothing is said. */
  readonly required: boolean;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Decides by the address that the socket is connected to. What stays on this machine may go in
 * clear. Everything else is encrypted unless the URL says `starttls=optional`; a password always is.
 * Where TLS is optional it is used when offered, with any certificate: even no TLS would do.
 */
export function tlsTerms(
  { secure, starttls, credentials }: Pick<SmtpServer, 'secure' | 'starttls' | 'credentials'>,
  connectedTo: string | undefined,
): TlsTerms {
  if (secure || starttls === 'required') return { required: true };
  if (isLoopback(connectedTo)) return { required: false };
  return { required: starttls !== 'optional' || credentials !== undefined };
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
