import type { QueueBackend } from './backend.ts';
import { QueueUnavailable } from './errors.ts';

const timeoutMs = 5_000;

/**
 * For who wants an answer soon: a queue that is away comes back, but a person or a script that
 * waits for it would not learn why. Throws `QueueUnavailable`.
 */
export async function assertQueue(backend: Pick<QueueBackend, 'ping'>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), timeoutMs);
  });
  try {
    await Promise.race([backend.ping(), late]);
  } catch {
    throw new QueueUnavailable('the queue does not answer, or not to us; is its server up?');
  } finally {
    clearTimeout(timer);
  }
}
