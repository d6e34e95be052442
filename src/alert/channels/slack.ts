import type { AlertChannel, ChannelOptions } from './channel.ts';

export function createSlackChannel({ id }: ChannelOptions): AlertChannel {
  return {
    id,
    format: 'slack',
    deliver: async () => ({ kind: 'permanent', detail: 'is not built yet' }),
  };
}
