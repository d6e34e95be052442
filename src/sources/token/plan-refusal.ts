/**
 * What one sweep knows of HTTP 401 under tokens that should be valid. `renewal`: whether it renewed
 * the token after a 401, and whether that helped the key. `fresh`, `used`: the different keys
 * refused in a row, without an answer in between, under a fresh token and under any other.
 */
export interface RefusalState {
  readonly renewal: 'none' | 'made' | 'in-vain';
  readonly fresh: readonly string[];
  readonly used: readonly string[];
}

/**
 * What follows from a 401. `renew`: request a new token. `key`: this key is unauthorized.
 * `source`: the source refuses every key, and is not asked again in this sweep.
 */
type RefusalStep = 'renew' | 'key' | 'source';

export const noRefusal: RefusalState = { renewal: 'none', fresh: [], used: [] };

/** Fewer keys than this may be refused on their own account. */
const keysInARow = 3;

/**
 * Decides what a 401 for a key means. `fresh`: the token was renewed after a 401 and no key was
 * read with it yet. A sweep's first 401 always renews, as the token may be an older sweep's.
 */
export function planRefusal(
  state: RefusalState,
  { key, fresh }: { readonly key: string; readonly fresh: boolean },
): { readonly state: RefusalState; readonly step: RefusalStep } {
  if (fresh && state.renewal !== 'none') {
    const keys = withKey(state.fresh, key);
    const step = keys.length >= keysInARow ? 'source' : 'key';
    return { state: { ...state, renewal: 'in-vain', fresh: keys }, step };
  }
  const keys = withKey(state.used, key);
  // After a renewal in vain, one more for each refused key would be too many.
  if (state.renewal === 'in-vain' && keys.length < keysInARow) {
    return { state: { ...state, used: keys }, step: 'key' };
  }
  return { state: { renewal: 'made', fresh: [], used: [] }, step: 'renew' };
}

/** The state after the source answered for a key. `helped`: with a second token, after a 401. */
export function planAccepted({ renewal }: RefusalState, helped: boolean): RefusalState {
  return { ...noRefusal, renewal: helped ? 'made' : renewal };
}

function withKey(keys: readonly string[], key: string): readonly string[] {
  return keys.includes(key) ? keys : [...keys, key];
}
