import { openRedisBackend, openStoreBackend } from '../../queue/backend.ts';
import { readRedisFacts } from '../../queue/redis/read-redis-facts.ts';
import { describeFailure } from '../describe-failure.ts';
import type { Examination } from '../examination.ts';
import { broken, type Line, notRun, warning, well } from '../line.ts';
import { planRedis } from '../plan/plan-redis.ts';

/** Does once what the queue does all the time, over a new connection. */
export async function checkQueue(examination: Examination): Promise<readonly Line[]> {
  const { queue } = examination.config;
  return queue.kind === 'store' ? checkInStore(examination) : checkInRedis(examination);
}

async function checkInStore({ config, store }: Examination): Promise<readonly Line[]> {
  const examined = await store;
  if (examined.kind === 'none') return [well('queue', 'it will be in the store')];
  if (examined.kind !== 'read') {
    return [notRun('queue', 'it is in the store, which cannot be read', 'mend the store first')];
  }
  if (examined.database !== undefined) await openStoreBackend(examined.database).probe();
  const where = config.store.kind === 'embedded' ? 'the embedded store' : 'PostgreSQL';
  return [well('queue', `it is in ${where}`)];
}

async function checkInRedis({ config, secrets, log }: Examination): Promise<readonly Line[]> {
  const { queue } = config;
  if (queue.kind === 'store') return [];
  const backend = openRedisBackend(queue, secrets, {
    connectionFailed: (code) => log.debug({ code }, 'a connection of the queue failed'),
  });
  try {
    const notes = await backend.probe();
    const [first, ...others] = notes.map((note) =>
      warning('queue', `${backend.server}: ${note}`, 'set maxmemory-policy noeviction'),
    );
    const probed = first ?? well('queue', `${backend.server} takes writes, scripts and streams`);
    return [probed, ...others, ...planRedis(await readRedisFacts(queue, secrets))];
  } catch (error) {
    const { what, mend } = describeFailure(error);
    const because = 'the queue does not work';
    return [
      broken('queue', what, mend),
      notRun('version', because, mend),
      notRun('persistence', because, mend),
    ];
  } finally {
    backend.close();
  }
}
