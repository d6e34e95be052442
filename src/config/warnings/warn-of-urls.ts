import { readAddress } from '../../alert/channels/channel-schema.ts';
import { isPrivateHost } from '../../alert/outbound.ts';
import type { KeysweepFile } from '../keysweep-schema.ts';

/**
 * Warns of addresses of channels and heartbeats that will be refused or that others can read. These
 * are not mistakes, because names do not show how safe a network is. Warnings never hold the URL.
 */
export function warnOfUrls({ alerts, heartbeat }: Addresses): string[] {
  return addressesOf({ alerts, heartbeat }).flatMap(({ path, url }) => {
    if (isPrivateHost(usualForm(url))) {
      if (alerts.allowPrivateNetworks) return [];
      return [
        `${path}: leads to a loopback, private or reserved address, which is refused; ` +
          'alerts.allowPrivateNetworks: true permits it',
      ];
    }
    if (url.protocol !== 'http:' || staysInside(url.hostname)) return [];
    return [`${path}: begins with http://, so whoever is on the way can read what is sent`];
  });
}

/** URL parses unusual spellings of addresses (`0x7f.1`) only under web schemes such as http. */
function usualForm({ hostname }: URL): URL {
  return new URL(`http://${hostname}`);
}

type Addresses = Pick<KeysweepFile, 'alerts' | 'heartbeat'>;

function addressesOf({ alerts, heartbeat }: Addresses) {
  const channels = alerts.channels.flatMap((channel, place) => {
    const address = readAddress(channel);
    if (address === undefined) return [];
    return [{ path: `alerts.channels.${place}.${address.option}`, url: address.url }];
  });
  const heartbeats = Object.entries(heartbeat).map(([schedule, its]) =>
    typeof its === 'string'
      ? { path: `heartbeat.${schedule}`, url: new URL(its) }
      : { path: `heartbeat.${schedule}.url`, url: new URL(its.url) },
  );
  return [...channels, ...heartbeats];
}

/** Whether no public resolver answers the name, such as a service in the same compose file. */
function staysInside(hostname: string): boolean {
  return !hostname.includes('.') || /\.(internal|local)$/.test(hostname);
}
