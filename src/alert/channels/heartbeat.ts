import type { AlertChannel, ChannelOptions } from './channel.ts';

export function createHeartbeat({ id }: ChannelOptions): AlertChannel {
  return {
    id,
    format: 'heartbeat',
    deliver: async () => ({ kind: 'permanent', detail: 'is not built yet' }),
  };
}
