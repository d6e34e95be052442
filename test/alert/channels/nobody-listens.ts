import { pino } from 'pino';
import type { AlertChannel } from '../../../src/alert/channels/channel.ts';
import { createChannels } from '../../../src/alert/create-channels.ts';

/** A channel `siem` whose address is closed. */
export function nobodyListens(): ReadonlyMap<string, AlertChannel> {
  return createChannels({
    channels: [{ id: 'siem', type: 'webhook' }],
    ...{ owners: new Map(), heartbeats: new Map(), proxies: undefined },
    secrets: {
      channels: new Map([['siem', { url: 'http://127.0.0.1:9/' }]]),
      heartbeats: new Map(),
    },
    allowPrivateNetworks: true,
    log: pino({ level: 'silent' }),
    now: () => new Date(),
  });
}
