import type { WaivedBefore } from '../../../src/evaluate/history/history.ts';
import type { WaiverChange } from '../../../src/evaluate/judgement.ts';
import { readScopes } from '../../../src/evaluate/scope.ts';
import { hashWaiver } from '../../../src/evaluate/waivers/compile-waivers.ts';
import { digestKey } from '../../../src/evaluate/waivers/digest-key.ts';
import type { Waiver } from '../../../src/evaluate/waivers/waiver.ts';
import { aKey, asOf, day } from '../world.ts';

const { source, keyId } = aKey();

/** The ordinary waiver: for the ordinary key and `stale-45`, for ten days more. */
export function aWaiver(difference: Partial<Waiver> = {}): Waiver {
  return {
    id: 'W-1',
    rule: 'stale-45',
    keys: [{ source, keyId }],
    reason: 'seasonal job',
    requestedBy: 'ann',
    approvedBy: ['bob'],
    expires: new Date(asOf.getTime() + 10 * day),
    ...difference,
  };
}

/** A waiver for the keys that match. */
export function aBroadWaiver(
  match: NonNullable<Waiver['match']>,
  difference: Partial<Waiver> = {},
): Waiver {
  const { keys: _keys, ...rest } = aWaiver();
  return { ...rest, match, approvedBy: ['bob', 'cid'], ...difference };
}

/** What was kept of a waiver when it first covered a key of this type and these scopes. */
export function waivedAs(type: string, scopes: readonly string[], isVoid = false): WaivedBefore {
  return { digest: digestKey({ type, scopes: readScopes(scopes) }) ?? '', void: isVoid };
}

/** A history in which this waiver covered the key as it was then. */
export function waivedBefore(
  waiver: Waiver,
  type = 'secret',
  scopes: readonly string[] = ['customers:read'],
  isVoid = false,
) {
  return { waived: new Map([[hashWaiver(waiver), waivedAs(type, scopes, isVoid)]]) };
}

/** What is kept after a sweep: as the records do it. */
export function keep(
  before: ReadonlyMap<string, WaivedBefore>,
  changes: readonly WaiverChange[],
): ReadonlyMap<string, WaivedBefore> {
  const kept = changes.map(({ hash, digest, ...change }) => {
    return [hash, { digest, void: change.void }] as const;
  });
  return new Map([...before, ...kept]);
}
