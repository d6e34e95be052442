import type { Facts } from '../judgement.ts';

/**
 * What the records know of a key from before the sweep. Each fact of the vendor's is the one that
 * could be read last: a night on which it could not loses nothing.
 */
export interface History {
  /** Never used is a `lastUsed` of null; `lastUsedAt` is when the vendor was heard to say so. */
  readonly lastUsed: Date | null | undefined;
  readonly lastUsedAt: Date | undefined;
  readonly createdOn: Date | undefined;
  readonly type: string | undefined;
  readonly lastFour: string | undefined;
  /** The scopes of the first observation that had any that could be read. */
  readonly firstScopes: readonly string[] | undefined;
  /** The newest sweep before in which the key's verdict was not unknown; else when it was tracked. */
  readonly knownAt: Date | undefined;
  /** Events that nobody has acknowledged, by rule. */
  readonly openEvents: ReadonlyMap<string, Facts>;
  /** What waivers were given for, by their hash. */
  readonly waived: ReadonlyMap<string, WaivedBefore>;
}

/** What a key was in the first sweep that a waiver covered it in (`digestKey`). */
export interface WaivedBefore {
  readonly digest: string;
  /** The key changed since: the waiver covers it no more, whatever it changes back to. */
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
