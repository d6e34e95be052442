// The rate limit of a source over two worker processes. The vendor keeps the instant at which each
// request arrives: what the vendor sees is what its limit counts. Two figures: the whole sweep
// beside keys / limit, because a limiter that leaves permits unused is slow, and the worst second
// that any window of a second shows, because one that gives too many away gets the account blocked.
import { atMost, within } from '../support/aim.ts';
import { defineBench } from '../support/define-bench.ts';
import { count } from '../support/option.ts';
import { rounded } from '../support/render-lines.ts';
import { withOpened } from '../support/scope.ts';
import { secondsOf } from '../support/span.ts';
import { mostInWindow } from '../support/vendor/most-in-window.ts';
import { openPlace } from '../support/world/open-place.ts';
import { startWorkers } from '../support/world/start-workers.ts';
import { sweepWorld } from '../support/world/sweep.ts';

const perMs = 1_000;

export const bench = defineBench({
  name: 'limit',
  about: 'the rate limit of a source, counted by the vendor, with two workers',
  options: {
    keys: count(4_000, 'keys in the fleet'),
    limit: count(200, 'requests per second that the source allows'),
  },
  aims: () => ({
    'time of the sweep': within(0.97, 1.03),
    'requests in the worst second': atMost(1.05),
  }),
  run: ({ keys, limit }) =>
    withOpened(async (keep) => {
      // Enough in flight that the limit decides.
      const source = { rateLimit: { requests: limit, per: `${perMs / 1_000}s` }, concurrency: 50 };
      const { vendor, world } = await openPlace({ fleet: { keys }, source }, keep);
      await startWorkers(world, 2, keep);
      await vendor.takeJournal();
      const seconds = secondsOf(await sweepWorld(world, keys, { noWorker: true }));
      const { arrivedMs } = await vendor.takeJournal();
      const least = keys / limit;
      const span = ((arrivedMs.at(-1) ?? 0) - (arrivedMs[0] ?? 0)) / 1_000;
      const most = mostInWindow(arrivedMs, perMs);
      return [
        {
          ...{ name: 'time of the sweep', unit: 'times', value: seconds / least },
          beside: `${keys} / ${limit} = ${least} s; it took ${rounded(seconds)} s`,
        },
        {
          ...{ name: 'requests in the worst second', unit: 'times', value: most / limit },
          beside: `the limit of ${limit}; the worst window of a second had ${most}`,
        },
        { name: 'first request to last', unit: 's', value: span },
        { name: 'requests', unit: '', value: arrivedMs.length, beside: `${keys} keys` },
      ];
    }),
});
