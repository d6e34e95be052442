import type { Arena, Round } from './compare-with-loop.ts';
import type { Found } from './define-bench.ts';
import { median, overRounds } from './median.ts';
import { rounded } from './render-lines.ts';
import { secondsOf } from './span.ts';

type Side = 'sweep' | 'loop';

/**
 * Processor time per key of each process while the sweep ran, beside the same while the loop ran.
 * What the vendor uses is part of both: it explains how much is left on a machine with few cores.
 */
export function processorTimes(arena: Arena, rounds: readonly Round[]): readonly Found[] {
  const during = (side: Side, name: (round: number) => string) =>
    timesOf(arena, rounds, side, name);
  const figures = [
    figure(
      'worker',
      during('sweep', (n) => `worker ${n}`),
      during('loop', (n) => `loop ${n}`),
    ),
    figure(
      'vendor',
      during('sweep', () => 'vendor'),
      during('loop', () => 'vendor'),
    ),
  ];
  if (arena.servers === undefined) return [...figures, ...busy(arena, rounds)];
  for (const name of ['PostgreSQL', 'Redis'])
    figures.push(
      figure(
        name,
        during('sweep', () => name),
      ),
    );
  return [...figures, ...busy(arena, rounds)];
}

function figure(process: string, swept: readonly number[], looped: readonly number[] = []): Found {
  const name = `processor time of ${process}`;
  if (swept.length === 0)
    return { name, why: 'the process is not on this machine, or no /proc is' };
  const beside = looped.length === 0 ? {} : { beside: `${rounded(median(looped))} in the loop` };
  return overRounds({ name, unit: 'µs/key', ...beside }, swept);
}

/** Microseconds per key of a process in each round; empty if it was not seen. */
function timesOf(
  { watch, comparison }: Arena,
  rounds: readonly Round[],
  side: Side,
  name: (round: number) => string,
): readonly number[] {
  return rounds.flatMap((round, n) => {
    const seconds = watch.cpuSeconds(name(n), round[side]);
    return seconds === undefined ? [] : [(seconds * 1e6) / comparison.keys];
  });
}

/** How many cores' worth of work the processes did together: with all cores busy, none is idle. */
function busy({ watch }: Arena, rounds: readonly Round[]): readonly Found[] {
  const cores = rounds.map(({ sweep }, n) => {
    const names = [`worker ${n}`, 'vendor', 'PostgreSQL', 'Redis'];
    const seconds = names.map((name) => watch.cpuSeconds(name, sweep) ?? 0);
    return seconds.reduce((sum, one) => sum + one, 0) / secondsOf(sweep);
  });
  return [overRounds({ name: 'cores busy during the sweep', unit: 'cores' }, cores)];
}
