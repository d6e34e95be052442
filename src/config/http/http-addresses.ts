import { BlockList, isIP } from 'node:net';
import type { Wrong } from '../../options/address.ts';

/** A name or an address, without port and brackets. */
export function wrongHost(text: string): Wrong {
  if (isIP(text) !== 0 || /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?$/.test(text)) return undefined;
  return 'must be a host name or an address, without port: keysweep.example, 127.0.0.1, ::1';
}

/** Whether only this machine can connect to the host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** An address, or a network in CIDR notation. */
export function wrongNetwork(text: string): Wrong {
  const wrong = 'must be an address or a network: 10.0.0.5, 10.0.0.0/8, fd00::/8';
  const [address = '', prefix, ...more] = text.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (bits < 0 || more.length > 0) return wrong;
  if (prefix === undefined) return undefined;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits ? undefined : wrong;
}

/** Whether an address is in one of the networks. */
export function createNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
}
