import type { Proxies } from '../../proxy/proxies.ts';
import type { Resolve } from '../outbound.ts';
import type { AlertFormat } from '../render/index.ts';

/** An alert of the outbox. `body` was rendered once and is sent unchanged. */
export interface OutgoingAlert {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  /** From 1. */
  readonly attempt: number;
  /** The recipients that earlier attempts reached. They get it only once. */
  readonly reached?: readonly string[];
}

/** An HTTP status, an SMTP code, or an error code such as `ECONNREFUSED`. */
export type DeliveryCode = number | string;

/**
 * The result of one attempt. `detail` is for people and holds neither secrets nor URLs; `codes`
 * give the cause to programs. `reached`: the recipients that have the alert by now. `refused`: why
 * some recipients will never get it.
 */
export type Delivery =
  | {
      readonly kind: 'delivered';
      readonly refused?: string;
      readonly codes?: readonly DeliveryCode[];
    }
  | {
      readonly kind: 'passing';
      readonly detail: string;
      readonly codes?: readonly DeliveryCode[];
      readonly retryAfterMs?: number;
      readonly reached?: readonly string[];
    }
  | {
      readonly kind: 'permanent';
      readonly detail: string;
      readonly codes?: readonly DeliveryCode[];
    };

/** A place that alerts are delivered to. */
export interface AlertChannel {
  readonly id: string;
  /** The format that its alerts must have. */
  readonly format: AlertFormat;
  /**
   * Makes one attempt. Every reaction of the receiver is a result, not an error. Rejects only with
   * the signal's reason; the attempt may then have arrived or not.
   */
  deliver(alert: OutgoingAlert, signal: AbortSignal): Promise<Delivery>;
}

/** The options that all channels with an address share. */
export interface ChannelOptions {
  readonly id: string;
  readonly url: string;
  readonly allowPrivateNetworks: boolean;
  readonly now: () => Date;
  /** The system's resolver unless given. */
  readonly resolve?: Resolve;
  readonly proxies?: Proxies | undefined;
  /** 15 s by default, as Standard Webhooks recommends. */
  readonly timeoutMs?: number;
}
