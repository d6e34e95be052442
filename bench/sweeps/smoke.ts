// A short `engine` for every build: it fails when a change makes a sweep several times as slow as a
// bare loop, whatever else the machine does. It says nothing about less; `engine` does.
import { atLeast } from '../support/aim.ts';
import {
  aboutLoop,
  openArena,
  type Round,
  runRound,
  speedBeside,
} from '../support/compare-with-loop.ts';
import { defineBench } from '../support/define-bench.ts';
import { choice, count } from '../support/option.ts';
import { withOpened } from '../support/scope.ts';

export const bench = defineBench({
  name: 'smoke',
  about: 'a short sweep beside a bare got loop, with a bound that a busy machine keeps too',
  options: {
    keys: count(2_000, 'keys in the fleet'),
    store: choice(['servers', 'embedded'], 'PostgreSQL and Redis, or the embedded store'),
  },
  aims: () => ({ 'speed beside the loop': atLeast(0.2) }),
  run: ({ keys, store }, say) =>
    withOpened(async (keep) => {
      const comparison = { keys, store, inFlight: 20, failing: 0, policy: 'six' } as const;
      const arena = await openArena(comparison, keep);
      const rounds: Round[] = [];
      for (let round = 0; round < 3; round += 1) rounds.push(await runRound(arena, round, say));
      return [speedBeside(rounds, 'loop', aboutLoop)];
    }),
});
