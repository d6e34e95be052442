import { applies, compileMatch, type Matchable } from '../evaluate/policy/match.ts';
import { readScopes } from '../evaluate/scope.ts';
import type { Waiver } from '../evaluate/waivers/waiver.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { renderCount } from '../text/render-count.ts';
import type { CasePlan } from './plan-case.ts';

/** The keys that waivers and rules are matched against, and the noun for them in messages. */
export interface WaivableKeys {
  readonly called: 'cases' | 'inventory';
  readonly keys: readonly (Matchable & Pick<TrackedKey, 'keyId' | 'approvedScopes'>)[];
}

/** The keys of the cases, with the vendor's last answer. */
export function keysOfCases(plans: readonly CasePlan[]): WaivableKeys {
  return {
    called: 'cases',
    keys: plans.map(({ key, last: { observation } }) => ({
      ...key,
      type: observation.kind === 'present' ? observation.details.type : undefined,
      scopes: observation.kind === 'present' ? readScopes(observation.details.scopes) : undefined,
    })),
  };
}

/** The tracked keys of the inventory; the vendor's fields are unknown here. */
export function keysOfInventory(keys: readonly TrackedKey[]): WaivableKeys {
  return {
    called: 'inventory',
    keys: keys.map((key) => ({ ...key, type: undefined, scopes: undefined })),
  };
}

/**
 * Describes the waivers that cover no key. A waiver that matches by type or scope may still match a
 * key whose vendor fields are unknown.
 */
export function findIdleWaivers(
  waivers: readonly Waiver[],
  { called, keys }: WaivableKeys,
): readonly string[] {
  const known = new Set(keys.map(nameOf));
  return waivers.flatMap((waiver) => {
    const { id, keys: named, match } = waiver;
    if (named === undefined) {
      const compiled = compileMatch(match);
      const any = keys.some((key) => applies(compiled, key).answer !== 'no');
      return any ? [] : [`waiver ${id} matches no key of the ${called}`];
    }
    const gone = named.filter((key) => !known.has(nameOf(key)));
    if (gone.length === named.length) return [`waiver ${id} matches no key of the ${called}`];
    if (gone.length === 0 || called === 'cases') return [];
    return [
      `waiver ${id} names ${renderCount(gone.length, 'key')} that the inventory does not: ${shown(gone)}`,
    ];
  });
}

/** The most keys that a line names. */
const most = 3;

function shown(keys: readonly { source: string; keyId: string }[]): string {
  const names = keys.slice(0, most).map(({ source, keyId }) => `${source} ${keyId}`);
  const more = keys.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function nameOf({ source, keyId }: { readonly source: string; readonly keyId: string }): string {
  return JSON.stringify([source, keyId]);
}
