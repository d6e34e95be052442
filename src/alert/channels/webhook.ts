import { parseRetryAfter } from '../../http/retry-after.ts';
import { refusedAddress } from '../outbound.ts';
import { retriesEndAfterMs } from '../plan-redelivery.ts';
import type { AlertChannel, ChannelOptions, Delivery } from './channel.ts';
import { type PostResult, post } from './post.ts';
import { signWebhook } from './sign-webhook.ts';

export interface WebhookOptions extends ChannelOptions {
  /** `whsec_` and base64; unsigned without. */
  readonly secret: string | undefined;
}

/** A channel that posts the body as it is to one URL, by Standard Webhooks 1.0.0. */
export function createWebhookChannel(options: WebhookOptions): AlertChannel {
  const { id, url, secret, allowPrivateNetworks, now, resolve, timeoutMs = 15_000 } = options;
  return {
    id,
    format: 'json',
    async deliver(alert, signal) {
      const result = await post({
        url,
        headers: { 'content-type': 'application/json', ...signWebhook(alert, secret, now()) },
        body: alert.body,
        timeoutMs,
        allowPrivateNetworks,
        resolve,
        signal,
      });
      return judgeResult(result, now());
    },
  };
}

// These may take the same message later: timeout, too early, too many.
const passing4xx = new Set([408, 425, 429]);

/** 2xx is delivered; what the receiver will say again is permanent; all else is passing. */
export function judgeResult(result: PostResult, now: Date): Delivery {
  if (result.kind === 'failed') return { kind: 'passing', detail: `not reached: ${result.code}` };
  if (result.kind === 'refused-address') {
    return { kind: 'permanent', detail: refusedAddress };
  }
  const { status } = result;
  const detail = `answered ${status}`;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status >= 300 && status < 500 && !passing4xx.has(status)) {
    return { kind: 'permanent', detail };
  }
  const retryAfterMs = parseRetryAfter(
    result.retryAfter,
    { nowMs: now.getTime() },
    retriesEndAfterMs,
  );
  return { kind: 'passing', detail, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
