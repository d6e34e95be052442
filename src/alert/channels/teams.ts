import type { AlertChannel, ChannelOptions } from './channel.ts';

export function createTeamsChannel({ id }: ChannelOptions): AlertChannel {
  return {
    id,
    format: 'teams',
    deliver: async () => ({ kind: 'permanent', detail: 'is not built yet' }),
  };
}
