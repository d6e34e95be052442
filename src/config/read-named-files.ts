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
  readonly inventoryWarnings: readonly string[];
  /** The mistakes inside these files. */
  readonly mistakes: readonly Mistake[];
  /** For each file that cannot be opened, a fault of the line that names it. */
  readonly unreadable: readonly MeaningFault[];
}

/**
 * Reads the policy and the inventory that keysweep.yaml names. Its plain value `raw` may have
 * mistakes, so names may be absent.
 */
export async function readNamedFiles(
  raw: unknown,
  folder: string,
  cwd: string,
): Promise<NamedFiles> {
  const policy = await readNamedPolicy(raw, folder, cwd);
  const named = textsOf(raw, 'inventory', 'file');
  // A repeated file is already one mistake; reading it once avoids another for each of its keys.
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
    inventoryWarnings: inventory.warnings,
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
