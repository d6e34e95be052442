// How long one asks for the audit of a key until its sweep has closed, over HTTP, from a process
// that plays all roles: first while it has nothing else to do, then while a sweep of every key is
// under way whose source has a rate limit, so that most of its keys stay queued. The vendor answers
// at once; the re-audits come one after the other.
import { setTimeout as sleep } from 'node:timers/promises';
import { under } from '../support/aim.ts';
import { defineBench, type Say } from '../support/define-bench.ts';
import { overRounds } from '../support/median.ts';
import { count } from '../support/option.ts';
import { withOpened } from '../support/scope.ts';
import { type Requests, watchRequests } from '../support/world/await-request.ts';
import { sourceId } from '../support/world/create-world.ts';
import { openPlace } from '../support/world/open-place.ts';
import { type Started, startKeysweep } from '../support/world/run-keysweep.ts';
import { openToBench, requestWork } from '../support/world/server-client.ts';

export const bench = defineBench({
  name: 're-audit',
  about: 'from the request for an audit of one key to its verdict, idle and during a sweep',
  options: {
    keys: count(100_000, 'keys in the fleet, and in the queue of the second part'),
    times: count(50, 're-audits in each part'),
    limit: count(1_000, 'requests per second of the source, which keep the queue full'),
  },
  aims: () => ({ 'verdict, idle': under(50), 'verdict, keys queued': under(300) }),
  run: ({ keys, times, limit }, say) =>
    withOpened(async (keep) => {
      const source = { rateLimit: { requests: limit, per: '1s' } };
      const plan = { fleet: { keys }, source, config: { http: openToBench } };
      const { world, servers } = await openPlace(plan, keep);
      // So often that a median of tens of milliseconds is off by little.
      const requests = await keep(watchRequests(servers.databaseUrl, 2));
      const server = await keep(startKeysweep(world, []));
      const asking = { server, requests, keys, times };
      // The first ones compile code and open connections.
      await reAudit({ ...asking, times: 5 });
      const idle = await reAudit(asking);
      const sweep = await queueAll(asking, say);
      const busy = await reAudit(asking);
      if (await requests.hasClosed(sweep)) throw new Error('the sweep ended before the re-audits');
      return [
        overRounds({ name: 'verdict, idle', unit: 'ms' }, idle),
        overRounds(
          { name: 'verdict, keys queued', unit: 'ms', beside: `${keys} keys in a sweep` },
          busy,
        ),
      ];
    }),
});

interface Asking {
  readonly server: Started;
  readonly requests: Requests;
  readonly keys: number;
  readonly times: number;
}

/** Milliseconds of each re-audit, with pauses between them, so that each finds the queue asleep. */
async function reAudit({ server, requests, keys, times }: Asking): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) {
    await sleep(100);
    const keyId = `key_${Math.floor((keys * time) / times)}`;
    const startedAt = performance.now();
    const keysToAudit = [{ source: sourceId, keyId }];
    await requests.closed(await requestWork(server, 'audits', { keys: keysToAudit }));
    taken.push(performance.now() - startedAt);
  }
  return taken;
}

async function queueAll({ server, requests }: Asking, say: Say): Promise<string> {
  const request = await requestWork(server, 'sweeps');
  await requests.opened(request);
  // Its batches are queued right after it is opened.
  await sleep(2_000);
  say('a sweep of every key is open');
  return request;
}
