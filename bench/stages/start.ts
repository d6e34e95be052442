// How long `keysweep start` takes until it is ready, from the start of its process, and how much
// memory it keeps with nothing to do, with all roles. The embedded store is new for a first start
// and is opened again for a later one.
import { setTimeout as sleep } from 'node:timers/promises';
import { under } from '../support/aim.ts';
import { defineBench } from '../support/define-bench.ts';
import { overRounds } from '../support/median.ts';
import { count } from '../support/option.ts';
import { readMemory } from '../support/processes/read-process.ts';
import { withOpened } from '../support/scope.ts';
import { openEmbeddedPlace, openPlace } from '../support/world/open-place.ts';
import { startKeysweep, type World } from '../support/world/run-keysweep.ts';

export const bench = defineBench({
  name: 'start',
  about: 'how soon `keysweep start` is ready, and its memory while idle',
  options: {
    keys: count(58, 'keys in the inventory; the sample has 58'),
    rounds: count(5, 'new stores, each started twice'),
    idle: count(20, 'seconds after which memory is read'),
  },
  aims: () => ({
    'embedded, first start': under(0.9),
    'embedded, later start': under(0.35),
    'idle memory, embedded': under(220),
    'idle memory, servers': under(110),
  }),
  async run({ keys, rounds, idle }, say) {
    const first: number[] = [];
    const later: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await withOpened(async (keep) => {
        const { world } = await openEmbeddedPlace({ fleet: { keys } }, keep);
        first.push(await timeStart(world));
        later.push(await timeStart(world));
      });
      say(`round ${round + 1}: first ${first.at(-1)} s, later ${later.at(-1)} s`);
    }
    const embeddedMb = await withOpened(async (keep) => {
      const { world } = await openEmbeddedPlace({ fleet: { keys } }, keep);
      return idleMemory(world, idle);
    });
    const serversMb = await withOpened(async (keep) => {
      const { world } = await openPlace({ fleet: { keys } }, keep);
      return idleMemory(world, idle);
    });
    return [
      overRounds({ name: 'embedded, first start', unit: 's' }, first),
      overRounds({ name: 'embedded, later start', unit: 's' }, later),
      { name: 'idle memory, embedded', unit: 'MB', value: embeddedMb },
      { name: 'idle memory, servers', unit: 'MB', value: serversMb },
    ];
  },
});

const timeStart = (world: World): Promise<number> =>
  withOpened(async (keep) => (await keep(startKeysweep(world, []))).readyMs / 1_000);

/** What the process keeps, its threads included, not the most that it ever had. */
const idleMemory = (world: World, seconds: number): Promise<number> =>
  withOpened(async (keep) => {
    const { pid } = await keep(startKeysweep(world, []));
    await sleep(seconds * 1_000);
    const memory = readMemory(pid);
    if (memory === undefined) throw new Error('this machine has no /proc');
    return memory.nowMb;
  });
