// A vendor that answers after 100 ms, and 50 requests in flight: waiting decides, not processor
// time. No program can ask for more than 50 keys in 100 ms, so 500 a second is the ceiling. The time
// counts from the opening of the sweep to its close.
import { atLeast } from '../support/aim.ts';
import { defineBench } from '../support/define-bench.ts';
import { overRounds } from '../support/median.ts';
import { count } from '../support/option.ts';
import { runPart } from '../support/processes/fork-part.ts';
import { withOpened } from '../support/scope.ts';
import { type Span, secondsOf } from '../support/span.ts';
import { type Filling, measureFilling, reportFilling } from '../support/vendor/measure-filling.ts';
import { openPlace } from '../support/world/open-place.ts';
import { sweepWorld } from '../support/world/sweep.ts';

export const bench = defineBench({
  name: 'latency',
  about: 'how much of the possible rate a sweep reaches while it waits for the vendor',
  options: {
    keys: count(10_000, 'keys in the fleet'),
    latency: count(100, 'milliseconds before each answer'),
    'in-flight': count(50, 'requests in flight'),
    rounds: count(3, 'sweeps'),
  },
  aims: () => ({ 'share of the possible rate': atLeast(0.97) }),
  run: ({ keys, latency, 'in-flight': inFlight, rounds }, say) =>
    withOpened(async (keep) => {
      const source = { concurrency: inFlight };
      const plan = { fleet: { keys }, latencyMs: latency, source };
      const { vendor, world } = await openPlace(plan, keep);
      const possible = (inFlight / latency) * 1_000;
      const rates: number[] = [];
      const fillings: Filling[] = [];
      const loops: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        await vendor.takeJournal();
        const sweep = await sweepWorld(world, keys);
        rates.push(keys / secondsOf(sweep));
        fillings.push(measureFilling(await vendor.takeJournal(), sweep));
        const loop = await runPart<Span>('got-loop', { url: vendor.url, keys, inFlight });
        loops.push(keys / secondsOf(loop) / possible);
        say(`round ${round + 1}: ${rates.at(-1)?.toFixed(0)} keys/s`);
      }
      const beside = `${inFlight} requests in ${latency} ms: ${possible} keys/s`;
      const shares = rates.map((rate) => rate / possible);
      return [
        overRounds({ name: 'share of the possible rate', unit: 'times', beside }, shares),
        // Without a queue, a database, an opening and a close.
        overRounds({ name: 'share that a bare got loop reaches', unit: 'times' }, loops),
        overRounds({ name: 'keys swept', unit: 'keys/s' }, rates),
        ...reportFilling(fillings),
      ];
    }),
});
