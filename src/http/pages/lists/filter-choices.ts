import type { Config } from '../../../config/config.ts';
import type { ListedKeys } from '../../../inventory/listed-keys.ts';

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

export async function listChoices({ inventory, sources, policy }: Config): Promise<FilterChoices> {
  return {
    ...(await choicesOf(inventory)),
    sources: sources.map(({ id }) => id),
    rules: policy.policy.rules.map(({ id }) => id),
  };
}

type InventoryChoices = Pick<FilterChoices, 'owners' | 'environments' | 'tags'>;

/** An inventory does not change; a changed file becomes another one. */
const known = new WeakMap<ListedKeys, Promise<InventoryChoices>>();

function choicesOf(inventory: ListedKeys): Promise<InventoryChoices> {
  const kept = known.get(inventory);
  if (kept !== undefined) return kept;
  const made = findChoices(inventory);
  made.catch(() => known.delete(inventory));
  known.set(inventory, made);
  return made;
}

async function findChoices(inventory: ListedKeys): Promise<InventoryChoices> {
  const [owners, environments, tags] = [createNames(), createNames(), createNames()];
  for await (const some of inventory.chunks()) {
    for (const key of some) {
      owners.add(key.owner);
      environments.add(key.environment);
      for (const tag of key.tags) tags.add(tag);
    }
  }
  return { owners: owners.list(), environments: environments.list(), tags: tags.list() };
}

/** Distinct names, of which no more are kept than are needed to know that there are too many. */
function createNames() {
  const names = new Set<string>();
  return {
    add(name: string | null): void {
      if (name !== null && names.size <= mostChoices) names.add(name);
    },
    list: () => (names.size > mostChoices ? undefined : [...names].sort()),
  };
}
