import type { AlertChannel, ChannelOptions } from './channel.ts';

export interface EmailOptions extends ChannelOptions {
  readonly from: string;
  readonly to: readonly string[];
}

export function createEmailChannel({ id }: EmailOptions): AlertChannel {
  return {
    id,
    format: 'email',
    deliver: async () => ({ kind: 'permanent', detail: 'is not built yet' }),
  };
}
