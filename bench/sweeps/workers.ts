// Two worker processes beside one. The vendor answers after 100 ms, so that requests in flight
// decide and not the processors, which the workers share: a second worker doubles what is in flight.
import { atLeast } from '../support/aim.ts';
import { defineBench } from '../support/define-bench.ts';
import { overRounds } from '../support/median.ts';
import { count } from '../support/option.ts';
import { withOpened } from '../support/scope.ts';
import { secondsOf } from '../support/span.ts';
import { openPlace } from '../support/world/open-place.ts';
import type { World } from '../support/world/run-keysweep.ts';
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
      const { world } = await openPlace({ fleet: { keys }, latencyMs: latency, source }, keep);
      const ratios: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const one = await sweepWith(1, world, keys);
        const two = await sweepWith(2, world, keys);
        say(`round ${round + 1}: one worker ${one} s, two ${two} s`);
        ratios.push(one / two);
      }
      const beside = 'one worker; two times is the most';
      return [overRounds({ name: 'speed of two workers', unit: 'times', beside }, ratios)];
    }),
});

/** Seconds of a sweep. The workers are ready before it is asked for. */
const sweepWith = (workers: number, world: World, keys: number): Promise<number> =>
  withOpened(async (keep) => {
    await startWorkers(world, workers, keep);
    return secondsOf(await sweepWorld(world, keys, { noWorker: true }));
  });
