// The vendor answers 429 with Retry-After in the middle of a sweep by two workers. Both are to stay
// away for as long as it asked, and to go on at once when it is over. The ideal time is that of a
// sweep without a 429, measured just before, plus the pause.
import { atMost, within } from '../support/aim.ts';
import { defineBench } from '../support/define-bench.ts';
import { count } from '../support/option.ts';
import { rounded } from '../support/render-lines.ts';
import { withOpened } from '../support/scope.ts';
import { secondsOf } from '../support/span.ts';
import type { Journal } from '../support/vendor/vendor-options.ts';
import { openPlace } from '../support/world/open-place.ts';
import { startWorkers } from '../support/world/start-workers.ts';
import { sweepWorld } from '../support/world/sweep.ts';

/** A request that has left when the first 429 arrives cannot be called back. */
const graceMs = 100;

export const bench = defineBench({
  name: 'pause',
  about: 'two workers when the vendor answers 429 with Retry-After',
  options: {
    keys: count(4_000, 'keys in the fleet'),
    seconds: count(10, 'the pause that the vendor asks for'),
    latency: count(100, 'milliseconds before each answer'),
    'in-flight': count(25, 'requests in flight of each worker'),
  },
  aims: () => ({ 'requests in the pause': atMost(0), 'time of the sweep': within(0.95, 1.05) }),
  run: ({ keys, seconds, latency, 'in-flight': inFlight }) =>
    withOpened(async (keep) => {
      const plan = { fleet: { keys }, latencyMs: latency, source: { concurrency: inFlight } };
      const { vendor, world } = await openPlace(plan, keep);
      await startWorkers(world, 2, keep);
      const sweep = async () => secondsOf(await sweepWorld(world, keys, { noWorker: true }));
      // The first sweep has more to write than those after it, so it is not the one to compare with.
      await sweep();
      const plain = await sweep();
      await vendor.takeJournal();
      await vendor.tell({ kind: 'refuse', fromRequest: Math.ceil(keys / 2), seconds });
      const paused = await sweep();
      const journal = await vendor.takeJournal();
      const ideal = plain + seconds;
      return [
        {
          ...{ name: 'requests in the pause', unit: '', value: countInPause(journal, seconds) },
          beside: `from ${graceMs} ms after the first 429 until ${seconds} s after it`,
        },
        {
          ...{ name: 'time of the sweep', unit: 'times', value: paused / ideal },
          beside: `${rounded(plain)} s without a 429 + ${seconds} s; it took ${rounded(paused)} s`,
        },
        { name: 'answers 429', unit: '', value: journal.refusedMs.length },
      ];
    }),
});

/** Counted at the vendor, from the moment when its first 429 was sent. */
function countInPause({ arrivedMs, refusedMs }: Journal, seconds: number): number {
  const [first] = refusedMs;
  if (first === undefined) throw new Error('the vendor has sent no 429');
  const [from, to] = [first + graceMs, first + seconds * 1_000];
  return arrivedMs.filter((at) => at >= from && at < to).length;
}
