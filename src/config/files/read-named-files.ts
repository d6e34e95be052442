import { type Mistake, quoted } from '../../documents/mistake.ts';
import type { ListedKeys } from '../../inventory/listed-keys.ts';
import { readInventory } from '../../inventory/read-inventory.ts';
import type { PolicyDocument } from '../config.ts';
import { readPolicy } from '../read-policy.ts';
import { misnamedFile, type NamedFiles } from './named-files.ts';

/** `misnamed`: mistakes of the lines of keysweep.yaml that name files that cannot be opened. */
interface Mistakes {
  readonly mistakes: readonly Mistake[];
  readonly misnamed: readonly Mistake[];
}

export interface NamedPolicyRead extends Mistakes {
  readonly policy: PolicyDocument | undefined;
}

export interface NamedInventoryRead extends Mistakes {
  readonly inventory: ListedKeys;
  /** Files that hold no keys, as keysweep.yaml names them. */
  readonly emptyInventoryFiles: readonly string[];
  readonly inventoryWarnings: readonly string[];
}

/** Reads the policy that keysweep.yaml names. */
export async function readNamedPolicy(files: NamedFiles): Promise<NamedPolicyRead> {
  const named = files.policy;
  if (named === undefined) return { policy: undefined, mistakes: [], misnamed: [] };
  const { policy, mistakes, unreadable: why } = await readPolicy(named.file, files.cwd);
  const misnamed = why === undefined ? [] : [misnamedFile(files, named, why)];
  return { policy, mistakes, misnamed };
}

/** Reads the inventory that keysweep.yaml names, whole: a key must not be in two files. */
export async function readNamedInventory(files: NamedFiles): Promise<NamedInventoryRead> {
  const { inventory, sources, cwd } = files;
  const read = await readInventory(
    inventory.map(({ file }) => file),
    { sources, cwd },
  );
  const empty = read.empty.flatMap((place) => inventory[place]?.name ?? []);
  return {
    inventory: read.keys,
    emptyInventoryFiles: empty,
    inventoryWarnings: [
      ...empty.map((name) => `inventory: the file ${quoted(name)} holds no keys`),
      ...read.warnings,
    ],
    mistakes: read.mistakes,
    misnamed: inventory.flatMap((named, place) => {
      const why = read.unreadable.get(place);
      return why === undefined ? [] : [misnamedFile(files, named, why)];
    }),
  };
}
