import { type MeaningFault, mapping } from '../evaluate/policy/plain-values.ts';
import { defaultStore, isEmbedded } from './addresses.ts';

const embedded =
  'needs a store on PostgreSQL, because one process alone holds the embedded one: set store.url or DATABASE_URL, or 1 here';

/**
 * Several worker processes on a store that one process holds. Accepts plain values of any shape.
 * `databaseUrl` takes precedence over the file. `auto` is a fault too: whether a configuration is
 * right does not depend on the machine.
 */
export function checkWorker(raw: unknown, databaseUrl: string | undefined): MeaningFault[] {
  const { processes } = mapping(mapping(raw)['worker']);
  const url = databaseUrl ?? mapping(mapping(raw)['store'])['url'] ?? defaultStore;
  const several = processes === 'auto' || (typeof processes === 'number' && processes > 1);
  if (!several || typeof url !== 'string' || !isEmbedded(url)) return [];
  return [{ path: ['worker', 'processes'], message: embedded }];
}
