import { createPostgresBackend, type Job, Queue, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { World } from './world.ts';

/** A plain BullMQ producer, as another program would be one. */
export interface Producer {
  queue(name: string): Queue;
  close(): Promise<void>;
}

export function openProducer(world: World): Producer {
  const queues = new Map<string, Queue>();
  const { make, end } = world.redisUrl === undefined ? onPostgres(world) : onRedis(world);
  return {
    queue(name) {
      const queue = queues.get(name) ?? make(name).on('error', () => undefined);
      queues.set(name, queue);
      return queue;
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await end();
    },
  };
}

function onRedis({ redisUrl = '', prefix }: World) {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  connection.on('error', () => undefined);
  return {
    make: (name: string) => new Queue(name, { connection, prefix }),
    end: async () => connection.disconnect(),
  };
}

function onPostgres({ databaseUrl = '' }: World) {
  const options = '-c search_path=bullmq';
  const pool = new pg.Pool({ connectionString: databaseUrl, options, keepAlive: true });
  const bound = withBackend(createPostgresBackend);
  return {
    make: (name: string) =>
      new bound.Queue(name, { connection: pool as never }) as unknown as Queue,
    end: () => pool.end(),
  };
}

/** Why a job failed, once it has. */
export async function failureOf(queue: Queue, job: Job): Promise<string | undefined> {
  const found = await queue.getJob(String(job.id));
  return (await found?.isFailed()) === true ? found?.failedReason : undefined;
}
