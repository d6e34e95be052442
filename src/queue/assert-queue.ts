import { inTime } from '../timing/in-time.ts';
import type { QueueBackend } from './backend.ts';
import { QueueUnavailable } from './errors.ts';

const timeoutMs = 5_000;

/**
 * Throws `QueueUnavailable` if the queue does not answer. A queue that is down comes back, but a
 * waiting user must learn why there is no answer now.
 */
export async function assertQueue(backend: Pick<QueueBackend, 'ping'>): Promise<void> {
  try {
    await inTime(backend.ping(), timeoutMs);
  } catch {
    throw new QueueUnavailable(
      'the queue does not answer, or refuses this client; is its server up?',
    );
  }
}
