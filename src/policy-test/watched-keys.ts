import type { Matchable } from '../evaluate/policy/match.ts';
import { readScopes } from '../evaluate/scope.ts';
import type { ListedKeys } from '../inventory/listed-keys.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import type { CasePlan } from './plan-case.ts';

/** A key that waivers and rules are matched against. */
export type WatchedKey = Matchable & Pick<TrackedKey, 'keyId' | 'approvedScopes'>;

/** Where watched keys come from: the noun in messages. */
export type KeysCalled = 'cases' | 'inventory';

/** Keys that are read some at a time, because an inventory may be larger than memory. */
export interface WatchedKeys {
  readonly called: KeysCalled;
  chunks(): AsyncIterable<readonly WatchedKey[]>;
}

/** Looks at keys one by one, and then describes what none of them is for. */
export interface Watch {
  see(key: WatchedKey): void;
  describe(): readonly string[];
}

/** Shows all keys to each of these. */
export async function watchKeys(keys: WatchedKeys, watches: readonly Watch[]): Promise<void> {
  for await (const some of keys.chunks()) {
    for (const key of some) for (const watch of watches) watch.see(key);
  }
}

/** The keys of the cases, with the vendor's last answer. */
export function keysOfCases(plans: readonly CasePlan[]): WatchedKeys {
  return {
    called: 'cases',
    async *chunks() {
      yield plans.map(({ key, last: { observation } }) => ({
        ...key,
        type: observation.kind === 'present' ? observation.details.type : undefined,
        scopes: observation.kind === 'present' ? readScopes(observation.details.scopes) : undefined,
      }));
    },
  };
}

/** The tracked keys of the inventory; the vendor's fields are unknown here. */
export function keysOfInventory(listed: ListedKeys): WatchedKeys {
  return {
    called: 'inventory',
    async *chunks() {
      for await (const some of listed.chunks()) {
        yield some.map((key) => ({ ...key, type: undefined, scopes: undefined }));
      }
    },
  };
}
