import type { Facts } from '../judgement.ts';

/**
 * What the records know of a key from before the sweep. Each vendor field has its last readable
 * value, so an unreadable answer loses nothing.
 */
export interface History {
  /** Null means never used. `lastUsedAt` is when the vendor gave this value. */
  readonly lastUsed: Date | null | undefined;
  readonly lastUsedAt: Date | undefined;
  readonly createdOn: Date | undefined;
  readonly type: string | undefined;
  readonly lastFour: string | undefined;
  /** The scopes of the first observation in which they could be read. */
  readonly firstScopes: readonly string[] | undefined;
  /** When the newest sweep with a known verdict opened, or when the key was tracked if later. */
  readonly knownAt: Date | undefined;
  /** Events that nobody has acknowledged, by rule. */
  readonly openEvents: ReadonlyMap<string, Facts>;
  /** The baselines of waivers, by the waiver's hash. */
  readonly waived: ReadonlyMap<string, WaivedBefore>;
}

/** A waiver's baseline: the `digestKey` of the key in the first sweep that the waiver covered. */
export interface WaivedBefore {
  readonly digest: string;
  /** The key has changed since. The waiver stays void, even if the key changes back. */
  readonly void: boolean;
}

/** The history of a key that is seen for the first time. */
export const noHistory: History = {
  lastUsed: undefined,
  lastUsedAt: undefined,
  createdOn: undefined,
  type: undefined,
  lastFour: undefined,
  firstScopes: undefined,
  knownAt: undefined,
  openEvents: new Map(),
  waived: new Map(),
};
