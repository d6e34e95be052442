import type { Resolve } from '../outbound.ts';
import type { AlertFormat } from '../render/index.ts';

/** An alert as it stands in the outbox. `body` was rendered once and is sent as it is. */
export interface OutgoingAlert {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  /** From 1. */
  readonly attempt: number;
  /** Those of several recipients whom earlier attempts reached: they are not told again. */
  readonly reached?: readonly string[];
}

/** A status of HTTP, a code of SMTP, or a code of an error such as `ECONNREFUSED`. */
export type DeliveryCode = number | string;

/**
 * What became of one attempt. `detail` is for people and holds no secret and no URL; `codes` are what
 * it rests on, for programs. `reached`: which of several recipients have it by now. `refused`: some
 * never will, though others do.
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
  /** What its alerts are written in; one written otherwise is not for it. */
  readonly format: AlertFormat;
  /**
   * Makes one attempt. Whatever the receiver does is an answer, not an error; it rejects only with
   * the signal's reason, and then the attempt may or may not have arrived.
   */
  deliver(alert: OutgoingAlert, signal: AbortSignal): Promise<Delivery>;
}

/** What every channel with an address is made from. */
export interface ChannelOptions {
  readonly id: string;
  readonly url: string;
  readonly allowPrivateNetworks: boolean;
  readonly now: () => Date;
  /** The system's resolver unless given. */
  readonly resolve?: Resolve;
  /** 15 s unless told, as Standard Webhooks recommends. */
  readonly timeoutMs?: number;
}
