import type { Keep } from '../scope.ts';
import { type Started, startKeysweep, type World } from './run-keysweep.ts';

/** `count` worker processes that share the queue, all ready. */
export async function startWorkers(
  world: World,
  count: number,
  keep: Keep,
): Promise<readonly Started[]> {
  const starting = Array.from({ length: count }, () =>
    keep(startKeysweep(world, ['--role', 'worker'])),
  );
  return Promise.all(starting);
}
