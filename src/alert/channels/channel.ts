/** An alert as it stands in the outbox. `body` was rendered once and is sent as it is. */
export interface OutgoingAlert {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  /** From 1. */
  readonly attempt: number;
}

/** What became of one attempt. `detail` is for people and holds no secret and no URL. */
export type Delivery =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'passing'; readonly detail: string; readonly retryAfterMs?: number }
  | { readonly kind: 'permanent'; readonly detail: string };

/** A place that alerts are delivered to. */
export interface AlertChannel {
  readonly id: string;
  /**
   * Makes one attempt. Whatever the receiver does is an answer, not an error; it rejects only with
   * the signal's reason, and then the attempt may or may not have arrived.
   */
  deliver(alert: OutgoingAlert, signal: AbortSignal): Promise<Delivery>;
}
