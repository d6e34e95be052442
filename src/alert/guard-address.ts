import { BlockList, isIP } from 'node:net';

/**
 * IPv4 ranges outside the public internet, from IANA's special-purpose registry: this network,
 * private, shared (CGNAT), loopback, link-local (cloud metadata), protocol, documentation, 6to4
 * relays, benchmarks, multicast, reserved and broadcast. One public address is added:
 * 168.63.129.16, where every Azure machine reaches its own platform.
 */
const notPublic4 = subnets('ipv4', [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]);

/** The IPv6 range that is assigned to the public internet … */
const globalUnicast6 = subnets('ipv6', [['2000::', 3]]);

/** … except protocol assignments (with Teredo), documentation, and 6to4, which embeds IPv4. */
const notPublic6 = subnets('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

/** Prefixes whose last four bytes are an IPv4 address: mapped ones and NAT64. */
const carriers4 = subnets('ipv6', [
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
]);

/**
 * Whether an IP address, in any spelling of the system resolver, is on the public internet. Invalid
 * addresses are not public. An IPv4 address inside an IPv6 one is checked by itself.
 */
export function isPublicAddress(address: string): boolean {
  const plain = address.split('%')[0] ?? '';
  const family = isIP(plain);
  if (family === 4) return !notPublic4.check(plain, 'ipv4');
  if (family !== 6) return false;
  if (carriers4.check(plain, 'ipv6')) return isPublicAddress(embedded4(plain));
  return globalUnicast6.check(plain, 'ipv6') && !notPublic6.check(plain, 'ipv6');
}

/**
 * The last four bytes of an IPv6 address. URL normalizes it to hexadecimal without leading zeros.
 */
function embedded4(address: string): string {
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':').slice(-2);
  const [high = 0, low = 0] = groups.map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function subnets(family: 'ipv4' | 'ipv6', nets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of nets) list.addSubnet(net, prefix, family);
  return list;
}
