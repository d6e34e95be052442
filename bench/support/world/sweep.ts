import { join } from 'node:path';
import type { Span } from '../span.ts';
import { runKeysweep, type World } from './run-keysweep.ts';

interface Difference {
  /** Leave the work to workers that run. */
  readonly noWorker?: boolean;
  readonly seen?: (pid: number) => void;
}

/**
 * Runs `keysweep sweep`, and returns when the sweep was opened and closed, by the clock of the
 * database, which is on this machine. Opened means the beginning of the transaction that mirrors the
 * inventory and writes the rows of all keys, so this work counts; the start of the command and the
 * printing of the report do not. Throws if a key was not audited.
 */
export async function sweepWorld(
  world: World,
  keys: number,
  { noWorker = false, seen }: Difference = {},
): Promise<Span> {
  const report = ['--format', 'json', '--quiet', '--output', join(world.folder, 'report.json')];
  await runKeysweep(world, ['sweep', ...report, ...(noWorker ? ['--no-worker'] : [])], seen);
  const list = await runKeysweep(world, ['sweeps', 'list', '--limit', '1', '--format', 'json']);
  const [last] = JSON.parse(list).sweeps;
  if (last?.coverage?.audited !== keys) {
    throw new Error(`not all ${keys} keys were audited: ${JSON.stringify(last?.coverage)}`);
  }
  return { from: Date.parse(last.openedAt), to: Date.parse(last.closedAt) };
}
