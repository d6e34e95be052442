import type { Config } from '../../config/config.ts';
import { openRedisBackend, type QueueBackend } from '../../queue/backend.ts';
import { findSharedPermits } from '../../sources/limit/find-shared-permits.ts';
import { createMemoryPermits } from '../../sources/limit/memory-permits.ts';
import type { OpenPermits } from '../../sources/limit/permits.ts';
import type { SourceConfig } from '../../sources/vendors.ts';
import { describeFailure } from '../describe-failure.ts';
import type { Examination } from '../examination.ts';
import { broken, type Line, notRun } from '../line.ts';
import { planClock } from '../plan/plan-clock.ts';
import { planSource } from '../plan/plan-source.ts';
import { readOneKey } from '../read-one-key.ts';

/** Less than a check's deadline, so that one silent vendor leaves the answers of the others. */
const limitMs = 8_000;

/** Signs in to every source and asks for one of its keys, under the shared rate limit. */
export async function checkSources(examination: Examination): Promise<readonly Line[]> {
  const openPermits = (await sharedPermits(examination)) ?? createMemoryPermits();
  const { sources } = examination.config;
  const keys = await findKeys(examination.config);
  const found = await Promise.all(
    sources.map((source) => checkSource(source, keys.get(source.id), openPermits, examination)),
  );
  return found.flat();
}

/** The id of the first key of each source. */
async function findKeys({ sources, inventory }: Config): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const some of inventory.chunks()) {
    for (const { source, keyId } of some) if (!found.has(source)) found.set(source, keyId);
    if (found.size === sources.length) break;
  }
  return found;
}

async function checkSource(
  source: SourceConfig,
  keyId: string | undefined,
  openPermits: OpenPermits,
  { secrets, now }: Examination,
): Promise<readonly Line[]> {
  const { id } = source;
  if (keyId === undefined) {
    const mend = 'add a key of this source to the inventory, or remove the source';
    return [notRun(id, 'the inventory has no key of this source', mend)];
  }
  const credentials = secrets.sources.get(id) ?? {};
  try {
    const terms = { credentials, openPermits, proxies: secrets.proxies, now, limitMs };
    const { answer, clock } = await readOneKey(source, keyId, terms);
    const clocks = clock === undefined ? [] : [planClock(`${id}: clock`, clock)];
    return [planSource(id, keyId, answer), ...clocks];
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    const { what, mend } = describeFailure(error);
    const silent = 'check baseUrl, the firewall between, and rateLimit of the source';
    return [late ? broken(id, `no answer within ${limitMs} ms`, silent) : broken(id, what, mend)];
  }
}

/** The permits that all workers share; undefined where their server does not work. */
async function sharedPermits({ config, secrets, store, log, atEnd }: Examination) {
  const { queue } = config;
  if (queue.kind !== 'store') {
    const backend = openRedisBackend(queue, secrets, {
      connectionFailed: (code) => log.debug({ code }, 'a connection of the queue failed'),
    });
    atEnd(() => backend.close());
    const redis = (await works(backend)) ? backend.redis : undefined;
    return findSharedPermits(undefined, redis, queue.prefix);
  }
  const examined = await store;
  const database = examined.kind === 'read' ? examined.database : undefined;
  return findSharedPermits(database, undefined, 'keysweep');
}

function works(backend: QueueBackend): Promise<boolean> {
  return backend.write().then(
    () => true,
    () => false,
  );
}
