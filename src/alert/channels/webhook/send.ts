import type { AlertChannel, ChannelOptions } from '../channel.ts';
import { judgeResult } from '../judge-result.ts';
import { postJson } from '../post-json.ts';
import { webhookChannel } from './describe.ts';
import { signWebhook } from './sign-webhook.ts';

export interface WebhookOptions extends ChannelOptions {
  /** `whsec_` and base64; without it, requests are unsigned. */
  readonly secret?: string | undefined;
}

/** A channel that posts the unchanged body to one URL, following Standard Webhooks 1.0.0. */
export function createWebhookChannel(options: WebhookOptions): AlertChannel {
  const { id, secret, now } = options;
  return {
    id,
    format: webhookChannel.format,
    async deliver(alert, signal) {
      const headers = signWebhook(alert, secret, now());
      const result = await postJson(options, { headers, body: alert.body, signal });
      return judgeResult(result, now());
    },
  };
}
