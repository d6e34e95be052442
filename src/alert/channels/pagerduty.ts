import type { AlertChannel, ChannelOptions } from './channel.ts';

export interface PagerdutyOptions extends ChannelOptions {
  readonly routingKey: string;
}

export function createPagerdutyChannel({ id }: PagerdutyOptions): AlertChannel {
  return {
    id,
    format: 'pagerduty',
    deliver: async () => ({ kind: 'permanent', detail: 'is not built yet' }),
  };
}
