import type { Message } from './message.ts';

/**
 * The body of a webhook. It is rendered once, as the alert is planned, and kept: every attempt
 * sends the same bytes. `timestamp` is when it was planned, not when it is sent.
 */
export function renderWebhook({ type, data }: Message, timestamp: Date): string {
  return JSON.stringify({ type, timestamp: timestamp.toISOString(), data });
}
