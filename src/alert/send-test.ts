import { randomUUID } from 'node:crypto';
import type { AlertChannel, Delivery } from './channels/channel.ts';
import { formats } from './render/index.ts';

/**
 * One attempt to deliver a message that says it is a test, past the outbox: nothing is kept of it
 * and nothing repeated. Rejects only with the signal's reason.
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
