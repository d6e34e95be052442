import { createHmac } from 'node:crypto';
import type { OutgoingAlert } from '../channel.ts';

export type WebhookHeaders = Readonly<Record<string, string>>;

/**
 * The headers of Standard Webhooks 1.0.0 for one attempt. The id belongs to the alert and stays the
 * same; the timestamp (whole seconds) belongs to the attempt. Without a secret (`whsec_` and
 * base64) there is no signature.
 */
export function signWebhook(
  { id, body }: Pick<OutgoingAlert, 'id' | 'body'>,
  secret: string | undefined,
  at: Date,
): WebhookHeaders {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === undefined) return headers;

  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${digest}` };
}
