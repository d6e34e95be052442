import type { Config } from '../../../config/config.ts';
import type { TrackedKey } from '../../../keys/tracked-key.ts';

/** What the fields of a filter offer. Undefined where there are too many to choose from. */
export interface FilterChoices {
  readonly owners: readonly string[] | undefined;
  readonly environments: readonly string[] | undefined;
  readonly tags: readonly string[] | undefined;
  readonly sources: readonly string[];
  readonly rules: readonly string[];
}

/** A longer list cannot be looked through, and makes the page large. */
const mostChoices = 200;

export function listChoices({ inventory, sources, policy }: Config): FilterChoices {
  return {
    ...choicesOf(inventory),
    sources: sources.map(({ id }) => id),
    rules: policy.policy.rules.map(({ id }) => id),
  };
}

type InventoryChoices = Pick<FilterChoices, 'owners' | 'environments' | 'tags'>;

/** An inventory does not change; a changed file becomes another one. */
const known = new WeakMap<readonly TrackedKey[], InventoryChoices>();

function choicesOf(inventory: readonly TrackedKey[]): InventoryChoices {
  const kept = known.get(inventory);
  if (kept !== undefined) return kept;
  const made = {
    owners: listDistinct(inventory, ({ owner }) => owner ?? []),
    environments: listDistinct(inventory, ({ environment }) => environment ?? []),
    tags: listDistinct(inventory, ({ tags }) => tags),
  };
  known.set(inventory, made);
  return made;
}

function listDistinct(
  inventory: readonly TrackedKey[],
  namesOf: (key: TrackedKey) => string | readonly string[],
): readonly string[] | undefined {
  const names = new Set(inventory.flatMap(namesOf));
  return names.size > mostChoices ? undefined : [...names].sort();
}
