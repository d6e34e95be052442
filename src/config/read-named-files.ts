import { resolve } from 'node:path';
import { type Mistake, type Path, quoted } from '../documents/mistake.ts';
import type { MeaningFault } from '../evaluate/policy/plain-values.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { textsOf } from './check-references.ts';
import type { PolicyDocument } from './config.ts';
import { readPolicy } from './read-policy.ts';

export interface NamedFiles {
  readonly policy: PolicyDocument | undefined;
  readonly inventory: readonly TrackedKey[];
  /** Files of the inventory that hold no keys, as `raw` names them. */
  readonly emptyInventoryFiles: readonly string[];
  /** What is wrong in these files. */
  readonly mistakes: readonly Mistake[];
  /** Files that cannot be opened are mistakes of the lines that name them. */
  readonly unreadable: readonly MeaningFault[];
}

/**
 * The policy and the inventory that keysweep.yaml names, as far as it names any: its plain value
 * `raw` may have mistakes of its own.
 */
export async function readNamedFiles(
  raw: unknown,
  folder: string,
  cwd: string,
): Promise<NamedFiles> {
  const policy = await readNamedPolicy(raw, folder, cwd);
  const named = textsOf(raw, 'inventory', 'file');
  // A file that is named twice is told as such, not once more for each of its keys.
  const files = named.filter(({ text }, n) => named.findIndex((each) => each.text === text) === n);
  const ids = textsOf(raw, 'sources', 'id').map(({ text }) => text);
  const inventory = await readInventory(
    files.map(({ text }) => resolve(folder, text)),
    { sources: ids.length > 0 ? new Set(ids) : undefined, cwd },
  );
  const unopened = files.flatMap(({ text, place }, n) =>
    unreadable(['inventory', place, 'file'], text, inventory.unreadable.get(n)),
  );
  return {
    policy: policy.document,
    inventory: inventory.keys,
    emptyInventoryFiles: inventory.empty.flatMap((place) => files[place]?.text ?? []),
    mistakes: [...policy.mistakes, ...inventory.mistakes],
    unreadable: [...policy.unreadable, ...unopened],
  };
}

async function readNamedPolicy(raw: unknown, folder: string, cwd: string) {
  const name = (raw as { policy?: unknown } | null)?.policy;
  if (typeof name !== 'string' || name === '') {
    return { document: undefined, mistakes: [], unreadable: [] };
  }
  const read = await readPolicy(resolve(folder, name), cwd);
  return {
    document: read.policy,
    mistakes: read.mistakes,
    unreadable: unreadable(['policy'], name, read.unreadable),
  };
}

function unreadable(path: Path, name: string, why: string | undefined): MeaningFault[] {
  return why === undefined ? [] : [{ path, message: `${quoted(name)} ${why}` }];
}
