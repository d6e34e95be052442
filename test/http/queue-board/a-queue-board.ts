import type { Queue } from 'bullmq';
import { onTestFinished } from 'vitest';
import { createQueueBoard } from '../../../src/http/queue-board/create-queue-board.ts';
import type { QueueBackend } from '../../../src/queue/backend.ts';
import { queueNames } from '../../../src/queue/define-job.ts';

/** The board of the queues of a backend, and the queues themselves, until the test has finished. */
export function openBoard(backend: QueueBackend) {
  const open = (name: string) => backend.createQueue(name).on('error', () => undefined);
  const queues = Object.values(queueNames).map(open);
  onTestFinished(async () => {
    await Promise.all(queues.map((queue) => queue.close()));
    backend.close();
  });
  const denied: string[] = [];
  const board = createQueueBoard({
    queues,
    backend,
    noteDenied: ({ who, what }) => denied.push(`${who} ${what}`),
  });
  const [requests] = queues;
  return { board, denied, requests: requests as Queue };
}
