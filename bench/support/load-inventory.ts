import { setFlagsFromString } from 'node:v8';
import { readInventory } from '../../src/inventory/read-inventory.ts';

export interface LoadedInventory {
  readonly keys: number;
  readonly ms: number;
  /** More than before, at the peak. */
  readonly megabytes: number;
}

/** Reads an inventory in this process, which has done nothing else. */
export async function loadInventory({
  file,
  source,
}: {
  readonly file: string;
  readonly source: string;
}): Promise<LoadedInventory> {
  // As src/main.ts does.
  setFlagsFromString('--heap-growing-percent=100');
  const peakMb = () => process.resourceUsage().maxRSS / 1_024;
  const before = peakMb();
  const startedAt = performance.now();
  const read = await readInventory([file], { sources: new Set([source]), cwd: '/' });
  const ms = performance.now() - startedAt;
  if (read.mistakes.length > 0) throw new Error(JSON.stringify(read.mistakes[0]));
  return { keys: read.keys.count, ms, megabytes: peakMb() - before };
}
