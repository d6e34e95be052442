import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { inTime } from '../timing/in-time.ts';
import { QueueUnavailable } from './errors.ts';

const channel = 'keysweep_probe';
const passOnMs = 3_000;

/**
 * The queue in PostgreSQL lives on sessions: it listens for notifications, and sets a path. A pooler
 * in transaction mode accepts both and keeps neither, so that jobs would wait without a word.
 */
export async function probeNotifications(
  pool: Pick<pg.Pool, 'connect' | 'query'>,
  server: string,
): Promise<void> {
  const listener = await pool.connect();
  const token = randomUUID();
  try {
    const heard = new Promise<void>((resolve) => {
      listener.on('notification', ({ payload }) => payload === token && resolve());
    });
    await listener.query(`listen ${channel}`);
    await pool.query('select pg_notify($1, $2)', [channel, token]);
    await inTime(heard, passOnMs);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TimedOut') throw error;
    throw new QueueUnavailable({ what: `${server} ${noSession}`, mend: useSession }, 'POOLED');
  } finally {
    // Ends its session, and with it the listening.
    listener.release(true);
  }
}

const noSession = 'passes on no notifications, as a pooler in transaction mode does';
const useSession =
  'connect directly or through session pooling, or put the queue on Redis (queue.url)';
