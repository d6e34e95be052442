import { inTime } from '../timing/in-time.ts';
import type { QueueBackend } from './backend.ts';
import { QueueUnavailable } from './errors.ts';

const timeoutMs = 5_000;

/**
 * For who wants an answer soon: a queue that is away comes back, but a person or a script that
 * waits for it would not learn why. Throws `QueueUnavailable`.
 */
export async function assertQueue(backend: Pick<QueueBackend, 'ping'>): Promise<void> {
  try {
    await inTime(backend.ping(), timeoutMs);
  } catch {
    throw new QueueUnavailable('the queue does not answer, or not to us; is its server up?');
  }
}
