import { BlockList, isIP } from 'node:net';
import type { SmtpServer } from './read-smtp-url.ts';

/** How a connection must be encrypted. */
export interface TlsTerms {
  /** Sends nothing without TLS and a certificate that proves the host's name. */
  readonly required: boolean;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Decides by the address that the socket is connected to. Connections within this machine may be
 * unencrypted. All others use TLS unless the URL says `starttls=optional` and there is no password.
 * Optional TLS accepts any certificate, because even an unencrypted connection is allowed.
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
