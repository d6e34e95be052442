import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Servers } from './open-servers.ts';

/** Looks at the memory of Redis while a sweep runs. */
export interface QueueWatch {
  /** The most bytes of data that were added since the watch began. */
  mostBytes(): number;
  close(): Promise<void>;
}

/** Half a second: the queue is fullest for as long as the first batches take. */
const everyMs = 500;

export async function watchQueue({ redisUrl }: Servers): Promise<QueueWatch> {
  const client = new Redis(redisUrl);
  // Data alone: not the buffers of connections, which do not grow with the keys.
  const bytes = async () =>
    Number(/used_memory_dataset:(\d+)/.exec(await client.info('memory'))?.[1]);
  const before = await bytes();
  let most = before;
  let watches = true;
  const watching = (async () => {
    while (watches) {
      most = Math.max(most, await bytes());
      await sleep(everyMs);
    }
  })();
  return {
    mostBytes: () => most - before,
    async close() {
      watches = false;
      await watching;
      client.disconnect();
    },
  };
}
