import type { AlertChannel, Delivery } from './channels/channel.ts';

/** Hears how an attempt to deliver to a channel ended. */
export type OnDelivery = (channel: string, outcome: Delivery['kind']) => void;

/** The channels, whose attempts are heard. */
export function watchDeliveries(
  channels: ReadonlyMap<string, AlertChannel>,
  delivered: OnDelivery,
): ReadonlyMap<string, AlertChannel> {
  const watched = (channel: AlertChannel): AlertChannel => ({
    id: channel.id,
    format: channel.format,
    async deliver(alert, signal) {
      const delivery = await channel.deliver(alert, signal);
      delivered(channel.id, delivery.kind);
      return delivery;
    },
  });
  return new Map([...channels].map(([id, channel]) => [id, watched(channel)]));
}
