import type { Config } from '../config/config.ts';
import type { Database } from '../record/store/database.ts';
import { mapOperations, type Operations } from './index.ts';
import type { Means, NamedKey, Wake } from './operation.ts';

/** Operations on a store that this process has open. */
export function createLocalOperations(database: Database, config: Config, wake: Wake): Operations {
  const means: Means = { database, config, wake, findTracked: indexKeys(config.inventory) };
  return mapOperations(
    (operation) => (input: unknown, once?: string) => operation.run(means, input, once),
  );
}

function indexKeys(inventory: Config['inventory']): Means['findTracked'] {
  const known = new Map<string, NamedKey[]>();
  for (const { source, keyId } of inventory) {
    const same = known.get(keyId);
    if (same === undefined) known.set(keyId, [{ source, keyId }]);
    else same.push({ source, keyId });
  }
  return (keyId, source) =>
    (known.get(keyId) ?? []).filter((key) => source === undefined || key.source === source);
}
