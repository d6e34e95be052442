import { applies, compileMatch, type Matchable } from '../evaluate/policy/match.ts';
import { readScopes } from '../evaluate/scope.ts';
import type { Waiver } from '../evaluate/waivers/waiver.ts';
import type { TrackedKey } from '../keys/tracked-key.ts';
import { renderCount } from '../text/render-count.ts';
import type { CasePlan } from './plan-case.ts';

/** Keys that waivers and rules are looked for among, and what people call them. */
export interface WaivableKeys {
  readonly called: 'cases' | 'inventory';
  readonly keys: readonly (Matchable & Pick<TrackedKey, 'keyId' | 'approvedScopes'>)[];
}

/** The keys of cases, as the vendor showed them last. */
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

/** Tracked keys; what the vendor says of them is not known here. */
export function keysOfInventory(keys: readonly TrackedKey[]): WaivableKeys {
  return {
    called: 'inventory',
    keys: keys.map((key) => ({ ...key, type: undefined, scopes: undefined })),
  };
}

/**
 * The waivers that cover no key, in words. Whether one matches by type or scope cannot be told of a
 * key that the vendor has not spoken of: it may.
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

/** So many keys are named in a line. */
const most = 3;

function shown(keys: readonly { source: string; keyId: string }[]): string {
  const names = keys.slice(0, most).map(({ source, keyId }) => `${source} ${keyId}`);
  const more = keys.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function nameOf({ source, keyId }: { readonly source: string; readonly keyId: string }): string {
  return JSON.stringify([source, keyId]);
}
