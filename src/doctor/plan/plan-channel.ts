import type { Delivery, DeliveryCode } from '../../alert/channels/channel.ts';
import { deliveryHint } from '../../alert/delivery-hint.ts';
import { broken, type Line, warning, well } from '../line.ts';

type Speaks = 'http' | 'smtp';

const usualMend = 'check its URL, the DNS and the firewall between';

/** Judges a connection to a channel; `failed`: why there is none. */
export function planReach(
  id: string,
  failed: { readonly code: DeliveryCode; readonly detail?: string } | undefined,
  speaks: Speaks,
  isRefusedAddress: boolean,
): Line {
  if (failed === undefined) return well(id, 'it can be reached; nothing was sent');
  if (isRefusedAddress) {
    const seen = 'its URL leads to a loopback, private or reserved address';
    return broken(id, seen, 'correct it, or set alerts.allowPrivateNetworks: true');
  }
  const { code, detail } = failed;
  const mend = deliveryHint([code], speaks) ?? usualMend;
  return broken(id, detail ?? `it cannot be reached (${code})`, mend);
}

/** Judges the delivery of a test message. */
export function planDelivery(id: string, delivery: Delivery, speaks: Speaks): Line {
  const { codes = [] } = delivery;
  const mend = deliveryHint(codes, speaks) ?? usualMend;
  if (delivery.kind !== 'delivered') {
    return broken(id, `the test message was not delivered: ${delivery.detail}`, mend);
  }
  if (delivery.refused === undefined) return well(id, 'the test message was delivered');
  return warning(id, `the test message was delivered in part: ${delivery.refused}`, mend);
}
