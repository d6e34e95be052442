// Two worker processes beside one. The vendor answers after 100 ms, so that requests in flight
// decide and not the processors, which the workers share: a second worker doubles what is in flight.
import { atLeast } from '../support/aim.ts';
import { defineBench } from '../support/define-bench.ts';
import { overRounds } from '../support/median.ts';
import { count } from '../support/option.ts';
import { withOpened } from '../support/scope.ts';
import { secondsOf } from '../support/span.ts';
import { type Filling, measureFilling, reportFilling } from '../support/vendor/measure-filling.ts';
import { openPlace, type Place } from '../support/world/open-place.ts';
import { startWorkers } from '../support/world/start-workers.ts';
import { sweepWorld } from '../support/world/sweep.ts';

export const bench = defineBench({
  name: 'workers',
  about: 'two worker processes beside one, where requests in flight decide',
  options: {
    keys: count(10_000, 'keys in the fleet'),
    latency: count(100, 'milliseconds before each answer'),
    'in-flight': count(50, 'requests in flight of each worker'),
    rounds: count(3, 'sweeps with one worker, and with two'),
  },
  aims: () => ({ 'speed of two workers': atLeast(1.9) }),
  run: ({ keys, latency, 'in-flight': inFlight, rounds }, say) =>
    withOpened(async (keep) => {
      const source = { concurrency: inFlight };
      const place = await openPlace({ fleet: { keys }, latencyMs: latency, source }, keep);
      const ratios: number[] = [];
      const fillings: Record<'one' | 'two', Filling[]> = { one: [], two: [] };
      for (let round = 0; round < rounds; round += 1) {
        const one = await sweepWith(1, place, keys);
        const two = await sweepWith(2, place, keys);
        say(`round ${round + 1}: one worker ${one.seconds} s, two ${two.seconds} s`);
        ratios.push(one.seconds / two.seconds);
        fillings.one.push(one.filling);
        fillings.two.push(two.filling);
      }
      const beside = 'one worker; two times is the most';
      return [
        overRounds({ name: 'speed of two workers', unit: 'times', beside }, ratios),
        ...reportFilling(fillings.one, 'one worker'),
        ...reportFilling(fillings.two, 'two workers'),
      ];
    }),
});

/** The workers are ready before the sweep is asked for. */
const sweepWith = (workers: number, { vendor, world }: Place, keys: number) =>
  withOpened(async (keep) => {
    await startWorkers(world, workers, keep);
    await vendor.takeJournal();
    const sweep = await sweepWorld(world, keys, { noWorker: true });
    const filling = measureFilling(await vendor.takeJournal(), sweep);
    return { seconds: secondsOf(sweep), filling };
  });
