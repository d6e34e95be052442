// A vendor that works on so many requests at once; the others wait in its line, and above a length of
// that line it answers 429. Midway its capacity halves. `concurrency: auto` is to use what the vendor
// can do, before and after, without a long line; beside it, a fixed number that was right before the
// halving. Everything is counted at the vendor, so neither side's own clock decides.
import { atLeast } from '../support/aim.ts';
import { defineBench, type Found } from '../support/define-bench.ts';
import { count } from '../support/option.ts';
import { rounded } from '../support/render-lines.ts';
import { withOpened } from '../support/scope.ts';
import type { Span } from '../support/span.ts';
import { measureSettling } from '../support/vendor/measure-settling.ts';
import type { Capacity, Journal } from '../support/vendor/vendor-options.ts';
import { openPlace } from '../support/world/open-place.ts';
import { startWorkers } from '../support/world/start-workers.ts';
import { sweepWorld } from '../support/world/sweep.ts';

/** While the last batches end, there are not enough keys left to use the capacity. */
const lastKeys = 400;
/** One slot of a source is kept for re-audits. */
const keptSlots = 1;

const modes = ['auto', 'fixed'] as const;
type Mode = (typeof modes)[number];

export const bench = defineBench({
  name: 'auto',
  about: 'concurrency: auto where the capacity of the vendor halves midway, beside a fixed one',
  options: {
    keys: count(18_000, 'keys in the fleet; the capacity halves after two thirds of them'),
    places: count(40, 'requests that the vendor works on at once, before the halving'),
    service: count(50, 'milliseconds for which it works on each'),
    line: count(0, 'it answers 429 if more than this many wait; 0: it lets any number wait'),
    'retry-after': count(0, 'seconds in the Retry-After of these 429; 0: they have none'),
    workers: count(1, 'worker processes, each with a concurrency of its own'),
  },
  aims: () => ({
    'auto: use before the halving': atLeast(0.9),
    'auto: use after the halving': atLeast(0.9),
  }),
  run: async ({ keys, places, service, line, 'retry-after': retryAfter, workers }, say) => {
    const capacity: Capacity = {
      ...{ places, serviceMs: service },
      longestLine: line === 0 ? undefined : line,
      retryAfter: retryAfter === 0 ? undefined : retryAfter,
    };
    const found: Found[] = [];
    for (const mode of modes) {
      const fixed = Math.ceil(places / workers) + keptSlots;
      const concurrency = mode === 'auto' ? mode : fixed;
      const journal = await sweepWith({ keys, capacity, workers, concurrency });
      say(`${mode}: ${journal.served.length} keys answered, ${journal.refusedMs.length} times 429`);
      found.push(...figuresOf(mode, journal, capacity));
    }
    return found;
  },
});

interface Sweep {
  readonly keys: number;
  readonly capacity: Capacity;
  readonly workers: number;
  readonly concurrency: number | 'auto';
}

/** Sweeps once, with workers that are ready, and returns what the vendor saw. */
const sweepWith = ({ keys, capacity, workers, concurrency }: Sweep): Promise<Journal> =>
  withOpened(async (keep) => {
    const { vendor, world } = await openPlace(
      { fleet: { keys }, capacity, source: { concurrency } },
      keep,
    );
    await startWorkers(world, workers, keep);
    const afterKeys = Math.floor((keys * 2) / 3);
    await vendor.tell({ kind: 'halve-later', places: capacity.places, afterKeys });
    await sweepWorld(world, keys, { noWorker: true });
    return vendor.takeJournal();
  });

function figuresOf(mode: Mode, journal: Journal, capacity: Capacity): readonly Found[] {
  const { served, halvedMs } = journal;
  const [first, last] = [served[0], served.at(-lastKeys)];
  if (halvedMs === undefined || first === undefined || last === undefined || last.at < halvedMs)
    throw new Error('there are too few keys for two halves');
  const half = { ...capacity, places: Math.floor(capacity.places / 2) };
  return [
    ...figuresOfHalf(`${mode}: %s before the halving`, journal, capacity, {
      from: first.at - capacity.serviceMs,
      to: halvedMs,
    }),
    ...figuresOfHalf(`${mode}: %s after the halving`, journal, half, {
      from: halvedMs,
      to: last.at,
    }),
  ];
}

function figuresOfHalf(
  name: string,
  { served, refusedMs }: Journal,
  capacity: Capacity,
  span: Span,
): readonly Found[] {
  const named = (what: string) => ({ name: name.replace('%s', what) });
  const { places } = capacity;
  const { settledMs, share, tookMs, workedMs } = measureSettling(served, span, places);
  const possible = rounded((places / workedMs) * 1_000);
  return [
    {
      ...{ ...named('use'), unit: 'times', value: share },
      beside: `${places} at once, ${rounded(workedMs)} ms each: ${possible} keys/s`,
    },
    settledMs === undefined
      ? { ...named('settling'), why: 'it did not settle in this time' }
      : { ...named('settling'), unit: 's', value: settledMs / 1_000 },
    {
      ...{ ...named('time at the vendor'), unit: 'times', value: tookMs / workedMs },
      beside: `its own ${rounded(workedMs)} ms; the median was ${rounded(tookMs)} ms`,
    },
    {
      ...{ ...named('answers 429'), unit: '' },
      value: refusedMs.filter((at) => at >= span.from && at < span.to).length,
    },
  ];
}
