import { randomUUID } from 'node:crypto';
import type { AlertChannel, Delivery } from './channels/channel.ts';
import { formats } from './render/index.ts';

/**
 * Makes one attempt to deliver a test message. It bypasses the outbox: the message is neither
 * stored nor retried. Rejects only with the signal's reason.
 */
export async function sendTest(
  channel: AlertChannel,
  at: Date,
  signal: AbortSignal,
): Promise<Delivery> {
  const { id, format } = channel;
  if (format === 'heartbeat') throw new Error('a heartbeat is not to be tested');
  const { body } = formats[format].render({ type: 'test', data: { channel: id } }, at);
  return channel.deliver({ id: randomUUID(), type: 'test', body, attempt: 1 }, signal);
}
