import { BlockList, isIP } from 'node:net';

/** Whether a host is asked without a proxy. `host`: as in a URL, in lower case, without brackets. */
export type IsExcepted = (host: string, port: number) => boolean;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Reads `NO_PROXY`: entries between commas or spaces, each with a port if it is for that port only.
 * `*` is every host; a name is that host and those under it, with `.` or `*.` before it or without;
 * `10.0.0.0/8` are the addresses of a network. Loopback is always excepted.
 */
export function matchException(text: string): IsExcepted {
  const entries = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  const rules = entries.map(readEntry);
  return (host, port) => {
    const name = host.replace(/\.$/, '');
    return isLoopback(name) || rules.some((rule) => rule(name, port));
  };
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  return isWithin(loopback, host);
}

function readEntry(entry: string): IsExcepted {
  if (entry === '*') return () => true;
  const network = readNetwork(entry);
  if (network !== undefined) return (host) => isWithin(network, host);
  const [, bracketed, plain = '', onlyPort] =
    /^(?:\[(.+)\]|(.+?))(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  const matches = matchHost(bracketed ?? plain);
  return (host, port) => (onlyPort === undefined || Number(onlyPort) === port) && matches(host);
}

function matchHost(written: string): (host: string) => boolean {
  if (isIP(written) !== 0) {
    const only = new BlockList();
    only.addAddress(written, familyOf(written));
    return (host) => isWithin(only, host);
  }
  const name = written.replace(/^\*?\./, '').replace(/\.$/, '');
  return (host) => name !== '' && (host === name || host.endsWith(`.${name}`));
}

function readNetwork(entry: string): BlockList | undefined {
  const [, address = '', bits] = /^([\da-f:.]+)\/(\d{1,3})$/.exec(entry) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), familyOf(address));
  return list;
}

function isWithin(list: BlockList, host: string): boolean {
  return isIP(host) !== 0 && list.check(host, familyOf(host));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
